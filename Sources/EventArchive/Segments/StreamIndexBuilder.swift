package import EventStoreCore

/// Builds the stream index of a segment while its frames are written, or found again after a crash.
package struct StreamIndexBuilder {
  /// How many streams a segment has at most, so that its index stays small enough to hold in memory.
  package static let maximumStreams = 250_000
  /// How many bytes of stream names a segment has at most.
  package static let maximumNameBytes = 64 << 20

  private var frames: [StreamIndex.Frame] = []
  // Flat, in the order in which they came: a frame has places of a thousand streams, and to add one to an array of each of them
  // takes longer than to sort them once.
  private var places: [(stream: Int, place: StreamIndex.Place)] = []
  private var streams: [StreamName: Int] = [:]
  private var lastNumbers: [EventNumber] = []
  private var nameBytes = 0

  package init() {}

  /// Whether the segment must be sealed before another frame is written, because its index has grown enough.
  package var isFull: Bool { streams.count >= Self.maximumStreams || nameBytes >= Self.maximumNameBytes }

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
    for (name, span) in summary.streams {
      let number: Int
      if let known = streams[name] {
        number = known
        if span.first <= lastNumbers[known] { disordered = min(disordered ?? name, name) }
        lastNumbers[known] = span.last
      } else {
        number = streams.count
        streams[name] = number
        lastNumbers.append(span.last)
        nameBytes += name.utf8.count
      }
      places.append((number, StreamIndex.Place(frame: frames.count, span: span)))
    }
    frames.append(StreamIndex.Frame(digest: digest, span: summary.span))
    return disordered
  }

  /// The index of the frames so far; nil when there are none.
  package func build() -> StreamIndex? {
    guard !frames.isEmpty else { return nil }
    var placesOfStreams = [[StreamIndex.Place]](repeating: [], count: streams.count)
    for (stream, place) in places { placesOfStreams[stream].append(place) }
    let streams = self.streams.map { StreamIndex.Stream(name: $0.key, places: placesOfStreams[$0.value]) }
    return StreamIndex(frames: frames, streams: streams.sorted { $0.name < $1.name })
  }
}
