package import EventStoreCore

/// What a frame holds, as the stream index wants to know it.
package struct FrameSummary: Equatable, Sendable {
  /// The streams that have events in the frame, in the order of their first events.
  package private(set) var streams = StreamTable()
  /// What the frame holds of each of `streams`.
  package private(set) var spans: [StreamSpan] = []
  private var extent: EventSpan?

  /// The frame's events as a whole; there must be one.
  package var span: EventSpan {
    guard let extent else { preconditionFailure("a frame has an event") }
    return extent
  }

  /// Whether the first event is still to come.
  var isEmpty: Bool { extent == nil }

  /// A summary that waits for the frame's first event.
  init() {}

  /// A summary that begins with the frame's first event.
  package init(first event: RecordedEvent) {
    append(event)
  }

  /// The summary of a frame's events; nil when there are none.
  package init?(_ events: some Sequence<RecordedEvent>) {
    for event in events { append(event) }
    if isEmpty { return nil }
  }

  /// Takes in the frame's next event.
  package mutating func append(_ event: RecordedEvent) {
    event.stream.utf8.withUnsafeBytes { stream in
      _ = append(EventSpan(event), stream: stream, number: event.number)
    }
  }

  /// Takes in the frame's next event, and says what number of its stream was the last before; nil when there was none.
  @inline(__always)
  mutating func append(
    _ next: EventSpan, stream: UnsafeRawBufferPointer, number: EventNumber
  ) -> EventNumber? {
    if extent == nil { extent = next } else { extent?.extend(by: next) }
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
