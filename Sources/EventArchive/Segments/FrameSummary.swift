package import EventStoreCore

/// What a frame holds, as the stream index wants to know it.
package struct FrameSummary: Hashable, Sendable {
  /// The frame's events as a whole.
  package private(set) var span: EventSpan
  /// The frame's events by stream.
  package private(set) var streams: [StreamName: StreamSpan]

  /// A summary that begins with the frame's first event.
  package init(first event: RecordedEvent) {
    span = EventSpan(event)
    streams = [event.stream: StreamSpan(events: 1, first: event.number, last: event.number)]
  }

  /// The summary of a frame's events; nil when there are none.
  package init?(_ events: some Sequence<RecordedEvent>) {
    var summary: FrameSummary?
    for event in events {
      if summary == nil { summary = FrameSummary(first: event) } else { summary?.append(event) }
    }
    guard let summary else { return nil }
    self = summary
  }

  /// Takes in the frame's next event, and says what there was of its stream before.
  @discardableResult
  package mutating func append(_ event: RecordedEvent) -> StreamSpan? {
    span.extend(by: EventSpan(event))
    return Self.extend(
      &streams[event.stream], by: StreamSpan(events: 1, first: event.number, last: event.number))
  }

  private static func extend(_ span: inout StreamSpan?, by next: StreamSpan) -> StreamSpan? {
    let before = span
    if before == nil { span = next } else { span?.extend(by: next) }
    return before
  }
}

/// A frame's lines before compression.
package struct RawFrame: Sendable {
  /// Whole lines, each with its LF.
  package var content: Bytes
  /// What the lines hold.
  package var summary: FrameSummary

  package init(content: Bytes, summary: FrameSummary) {
    self.content = content
    self.summary = summary
  }
}

/// A frame as it stands in a segment.
package struct CompressedFrame: Sendable {
  /// The zstd frame.
  package var bytes: Bytes
  /// The SHA-256 of `bytes`.
  package var digest: SHA256Digest
  /// How many bytes of NDJSON the frame holds.
  package var contentBytes: Int
  /// What the lines hold.
  package var summary: FrameSummary

  package init(bytes: Bytes, digest: SHA256Digest, contentBytes: Int, summary: FrameSummary) {
    self.bytes = bytes
    self.digest = digest
    self.contentBytes = contentBytes
    self.summary = summary
  }
}
