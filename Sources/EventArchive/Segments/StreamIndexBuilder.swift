internal import EventStoreCore

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
  package mutating func append(_ frame: CompressedFrame) {
    append(digest: frame.digest, summary: frame.summary)
  }

  /// Takes in the segment's next frame, as it was found in the file.
  package mutating func append(digest: SHA256Digest, summary: FrameSummary) {
    for (name, span) in summary.streams {
      let place = StreamIndex.Place(frame: frames.count, span: span)
      if places[name]?.append(place) == nil {
        places[name] = [place]
        nameBytes += name.utf8.count
      }
    }
    frames.append(StreamIndex.Frame(digest: digest, span: summary.span))
  }

  /// The index of the frames so far; nil when there are none.
  package func build() -> StreamIndex? {
    guard !frames.isEmpty else { return nil }
    let streams = places.map { StreamIndex.Stream(name: $0.key, places: $0.value) }
    return StreamIndex(frames: frames, streams: streams.sorted { $0.name < $1.name })
  }
}
