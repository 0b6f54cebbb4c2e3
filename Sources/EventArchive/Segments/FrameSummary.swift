package import EventStoreCore

/// What a frame holds, as the stream index wants to know it.
package struct FrameSummary: Equatable, Sendable {
  /// The frame's events as a whole.
  package private(set) var span: EventSpan
  /// The streams that have events in the frame, in the order of their first events.
  package private(set) var streams = StreamTable()
  /// What the frame holds of each of `streams`.
  package private(set) var spans: [StreamSpan] = []

  /// A summary that begins with the frame's first event.
  package init(first event: RecordedEvent) {
    span = EventSpan(event)
    event.stream.utf8.withUnsafeBytes { _ = extend($0, by: event.number) }
  }

  /// A summary that begins with an event of this stream and number.
  init(first span: EventSpan, stream: UnsafeRawBufferPointer, number: EventNumber) {
    self.span = span
    _ = extend(stream, by: number)
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

  /// Takes in the frame's next event.
  package mutating func append(_ event: RecordedEvent) {
    span.extend(by: EventSpan(event))
    event.stream.utf8.withUnsafeBytes { _ = extend($0, by: event.number) }
  }

  /// Takes in the frame's next event, and says what number of its stream was the last before; nil when there was none.
  @inline(__always)
  mutating func append(
    _ next: EventSpan, stream: UnsafeRawBufferPointer, number: EventNumber
  ) -> EventNumber? {
    span.extend(by: next)
    return extend(stream, by: number)
  }

  @inline(__always)
  private mutating func extend(_ stream: UnsafeRawBufferPointer, by number: EventNumber) -> EventNumber? {
    let (index, isNew) = streams.insert(stream)
    if isNew {
      spans.append(StreamSpan(events: 1, first: number, last: number))
      return nil
    }
    let before = spans[index].last
    spans[index].events += 1
    spans[index].last = number
    return before
  }
}
