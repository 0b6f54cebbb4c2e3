package import EventStoreCore

/// Builds the stream index of a segment while its frames are written, or found again after a crash.
package struct StreamIndexBuilder {
  /// How many streams a segment has at most, so that its index stays small enough to hold in memory.
  package static let maximumStreams = 250_000
  /// How many bytes of stream names a segment has at most.
  package static let maximumNameBytes = 64 << 20

  private var frames: [StreamIndex.Frame] = []
  private var places: [StreamName: [StreamIndex.Place]] = [:]
  private var nameBytes = 0

  package init() {}

  /// Whether the segment must be sealed before another frame is written, because its index has grown enough.
  package var isFull: Bool { places.count >= Self.maximumStreams || nameBytes >= Self.maximumNameBytes }

  /// How many streams have events in the segment.
  package var streamCount: Int { places.count }

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
    for (name, span) in summary.streams {
      let last = Self.append(StreamIndex.Place(frame: frames.count, span: span), to: &places[name])
      if last == nil { nameBytes += name.utf8.count }
      if let last, span.first <= last { disordered = min(disordered ?? name, name) }
    }
    frames.append(StreamIndex.Frame(digest: digest, span: summary.span))
    return disordered
  }

  /// Adds a place, and says what the last number was before; nil when it is the stream's first place.
  private static func append(_ place: StreamIndex.Place, to places: inout [StreamIndex.Place]?) -> EventNumber? {
    guard let last = places?.last?.span.last else {
      places = [place]
      return nil
    }
    places?.append(place)
    return last
  }

  /// The index of the frames so far; nil when there are none.
  package func build() -> StreamIndex? {
    guard !frames.isEmpty else { return nil }
    let streams = places.map { StreamIndex.Stream(name: $0.key, places: $0.value) }
    return StreamIndex(frames: frames, streams: streams.sorted { $0.name < $1.name })
  }
}
