import EventStoreCore

/// The events of one stream that wait to be written, in order.
struct EventQueue: Hashable, Sendable {
  private var events: ArraySlice<QueuedEvent> = []

  var isEmpty: Bool { events.isEmpty }
  var first: QueuedEvent? { events.first }

  mutating func append(_ event: QueuedEvent) {
    // An emptied slice would keep the memory of everything it once held.
    if events.isEmpty { events = [] }
    events.append(event)
  }

  /// Brings back what was taken last.
  mutating func putBack(_ taken: some Collection<QueuedEvent>) {
    events.insert(contentsOf: taken, at: events.startIndex)
  }

  @discardableResult
  mutating func removeFirst() -> QueuedEvent? {
    events.popFirst()
  }

  /// Takes out everything.
  mutating func removeAll() -> [QueuedEvent] {
    defer { events = [] }
    return Array(events)
  }

  /// Takes the first events with neighbouring numbers up to `last`, as many as one append may have; at least one.
  ///
  /// The queue must not be empty.
  mutating func takeBatch(upTo last: EventNumber, _ limits: AppendLimits, _ maximumEvents: Int) -> AppendBatch {
    var count = 1
    var bytes = ProposedEvent(events[events.startIndex].event).weightInBytes
    for index in events.indices.dropFirst().prefix(max(maximumEvents, 1) - 1) {
      let event = events[index].event
      let weight = ProposedEvent(event).weightInBytes
      guard event.number == events[index - 1].event.number + 1, event.number <= last,
        weight <= limits.maximumEventBytes, bytes + weight <= limits.maximumBytes
      else { break }
      bytes += weight
      count += 1
    }
    defer { events = events.dropFirst(count) }
    return AppendBatch(events: Array(events.prefix(count)))
  }
}
