import EventStoreCore

/// The events of one stream that wait to be written, in order.
struct EventQueue: Hashable, Sendable {
  private var events: ArraySlice<QueuedEvent> = []

  var isEmpty: Bool { events.isEmpty }
  var first: QueuedEvent? { events.first }

  mutating func append(_ event: QueuedEvent) {
    events.append(event)
  }

  /// Brings back what was taken last.
  mutating func putBack(_ taken: some Collection<QueuedEvent>) {
    events.insert(contentsOf: taken, at: events.startIndex)
  }

  @discardableResult
  mutating func removeFirst() -> QueuedEvent? {
    defer { forgetTaken() }
    return events.popFirst()
  }

  /// Takes out everything.
  mutating func removeAll() -> [QueuedEvent] {
    defer { events = [] }
    return Array(events)
  }

  /// Takes the first events, as many as one append may have; at least one. The queue must not be empty.
  ///
  /// - Parameters:
  ///   - isContinued: Whether the numbers of the archive must have no holes.
  ///   - count: At most so many.
  mutating func take(isContinued: Bool, atMost count: Int, _ limits: AppendLimits) -> [QueuedEvent] {
    var taken = 1
    var bytes = events[events.startIndex].proposed.weightInBytes
    for index in events.indices.dropFirst().prefix(max(count, 1) - 1) {
      let weight = events[index].proposed.weightInBytes
      guard !isContinued || events[index].event.number == events[index - 1].event.number + 1,
        weight <= limits.maximumEventBytes, bytes + weight <= limits.maximumBytes
      else { break }
      bytes += weight
      taken += 1
    }
    defer {
      events = events.dropFirst(taken)
      forgetTaken()
    }
    return Array(events.prefix(taken))
  }

  /// Frees what was taken, once it is no less than what is left.
  ///
  /// A slice keeps alive all that it once held, and each event the frame of the archive that it came in.
  private mutating func forgetTaken() {
    if events.startIndex >= events.count { events = ArraySlice(Array(events)) }
  }
}
