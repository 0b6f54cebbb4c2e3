/// Sorts the places of a segment, which come frame by frame, by stream, as the layout of the stream index has them.
///
/// Two walks over the same bytes: one tells how much room each stream needs, the other fills it. So nothing is held beside the
/// places and the layout.
struct PlaceSorting {
  private let places: [[UInt8]]
  /// How many places each stream has.
  private var counts: [Int]
  /// How many bytes they have in the layout.
  private var sizes: [Int]

  /// - Parameter places: Of each frame its places; of each place the number of the stream and the last three numbers of its
  ///   layout.
  init(_ places: [[UInt8]], streams: Int) {
    self.places = places
    var counts = [Int](repeating: 0, count: streams)
    var sizes = counts
    Self.walk(places, streams: streams) { stream, skipped, rest in
      counts[stream] += 1
      sizes[stream] += VariableInteger.byteCount(UInt64(skipped)) + rest.count
    }
    (self.counts, self.sizes) = (counts, sizes)
  }

  /// Appends every stream with its places, sorted by name.
  func append(_ streams: StreamTable, to layout: inout [UInt8]) {
    let order = streams.withNames { names in
      (0..<streams.count).sorted { names[$0].lexicographicallyPrecedes(names[$1]) }
    }
    var starts = [Int](repeating: 0, count: streams.count)
    streams.withNames { names in
      layout.reserveCapacity(layout.count + streams.nameBytes + 8 * streams.count + sizes.reduce(0, +))
      for stream in order {
        VariableInteger.append(UInt64(names[stream].count), to: &layout)
        layout.append(contentsOf: names[stream])
        VariableInteger.append(UInt64(counts[stream]), to: &layout)
        starts[stream] = layout.count
        layout.append(contentsOf: repeatElement(0, count: sizes[stream]))
      }
    }
    layout.withUnsafeMutableBytes { layout in
      Self.walk(places, streams: streams.count) { stream, skipped, rest in
        var place = starts[stream]
        place += VariableInteger.write(UInt64(skipped), to: UnsafeMutableRawBufferPointer(rebasing: layout[place...]))
        UnsafeMutableRawBufferPointer(rebasing: layout[place...]).copyMemory(from: rest)
        starts[stream] = place + rest.count
      }
    }
  }

  /// Goes through all places: the stream, how many frames it has passed over since its last, and the rest of its layout.
  @inline(__always)
  private static func walk(
    _ places: [[UInt8]], streams: Int,
    _ body: (_ stream: Int, _ skipped: Int, _ rest: UnsafeRawBufferPointer) -> Void
  ) {
    var nextFrames = [Int](repeating: 0, count: streams)
    for (frame, places) in places.enumerated() {
      places.withUnsafeBytes { places in
        var reader = BinaryReader(places)
        while let stream = reader.unsigned().map({ Int($0) }) {
          let start = reader.position
          for _ in 0..<3 { _ = reader.unsigned() }
          body(stream, frame - nextFrames[stream], UnsafeRawBufferPointer(rebasing: places[start..<reader.position]))
          nextFrames[stream] = frame + 1
        }
      }
    }
  }
}
