package import EventStoreCore

/// Builds the stream index of a segment while its frames are written, or found again.
package struct StreamIndexBuilder: Sendable {
  /// How many streams a segment has at most, so that its index stays small enough to hold in memory.
  package static let maximumStreams = 250_000
  /// How many bytes of stream names a segment has at most.
  package static let maximumNameBytes = 64 << 20

  private var frames: [StreamIndex.Frame] = []
  private var streams = StreamTable()
  private var lastNumbers: [EventNumber] = []
  // A segment has a place for nearly every event when many streams take turns. So they are kept as the layout will have them:
  // the number of the stream, then the last three numbers of its place.
  /// The places of each frame, in memory of its own: one array of all would be copied, and be there twice, whenever it grew.
  private var places: [[UInt8]] = []
  /// The places of a frame while they are collected; memory that is used again.
  private var framePlaces: [UInt8] = []

  package init() {}

  /// Whether the segment must be sealed before another frame is written, because its index has grown enough.
  package var isFull: Bool { streams.count >= Self.maximumStreams || streams.nameBytes >= Self.maximumNameBytes }

  /// How many streams have events in the segment.
  package var streamCount: Int { streams.count }

  /// How many frames the segment has.
  package var frameCount: Int { frames.count }

  /// What the frames hold so far; nil before the first.
  package var span: EventSpan? {
    guard let first = frames.first else { return nil }
    return frames.dropFirst().reduce(into: first.span) { $0.extend(by: $1.span) }
  }

  /// Takes in the segment's next frame.
  ///
  /// - Returns: A stream whose numbers do not go on after those of the frames before; nil when all do.
  @discardableResult
  package mutating func append(_ frame: CompressedFrame) -> StreamName? {
    append(digest: frame.digest, summary: frame.summary)
  }

  /// Takes in the segment's next frame, as it was found in the file; as `append(_:)`.
  @discardableResult
  package mutating func append(digest: SHA256Digest, summary: FrameSummary) -> StreamName? {
    var disordered: StreamName?
    framePlaces.removeAll(keepingCapacity: true)
    summary.streams.withNames { names in
      for (index, span) in summary.spans.enumerated() {
        let (stream, isNew) = streams.insert(names[index], hash: summary.streams.hash(index))
        if isNew {
          lastNumbers.append(0)
        } else if span.first <= lastNumbers[stream] {
          disordered = min(disordered ?? streams.name(stream), streams.name(stream))
        }
        VariableInteger.append(UInt64(stream), to: &framePlaces)
        VariableInteger.append(UInt64(span.events), to: &framePlaces)
        VariableInteger.append(signed: span.first &- lastNumbers[stream], to: &framePlaces)
        VariableInteger.append(signed: span.last &- span.first, to: &framePlaces)
        lastNumbers[stream] = span.last
      }
    }
    places.append(framePlaces.withUnsafeBytes { Array($0) })
    frames.append(StreamIndex.Frame(digest: digest, span: summary.span))
    return disordered
  }

  /// The layout of the index of the frames so far; nil when there are none.
  package func layout() -> [UInt8]? {
    guard !frames.isEmpty else { return nil }
    var layout: [UInt8] = []
    StreamIndex.append(frames, to: &layout)
    VariableInteger.append(UInt64(streams.count), to: &layout)
    PlaceSorting(places, streams: streams.count).append(streams, to: &layout)
    return layout
  }

  /// As `layout()`, and frees the places: no frame may follow, and only what is told of frames and counts stays.
  mutating func takeLayout() -> [UInt8]? {
    defer { places = [] }
    return layout()
  }

  /// The index of the frames so far; nil when there are none.
  package func build() -> StreamIndex? {
    guard let layout = layout() else { return nil }
    guard let index = layout.withUnsafeBytes({ StreamIndex(encoded: $0) }) else {
      preconditionFailure("a layout that was made here can be read")
    }
    return index
  }
}
