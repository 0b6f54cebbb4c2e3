import EventStoreCore

/// The events of one stream that wait to be written, and the numbers that they get on the target.
struct NumberedQueue: Hashable, Sendable {
  private let numbers: RestoreNumbers
  private let limits: AppendLimits
  private var queue = EventQueue()
  /// The number that the first event gets, where events are numbered anew.
  private var ordinal: EventNumber = 0
  /// How many events one append has at most; fewer than the limit while one is looked for that the target does not take.
  private var maximumEvents: Int

  init(_ rules: StreamRules) {
    numbers = rules.numbers
    limits = rules.limits
    maximumEvents = rules.limits.maximumEvents
  }

  var isEmpty: Bool { queue.isEmpty }
  var first: QueuedEvent? { queue.first }
  /// The number that the first event gets.
  var firstNumber: EventNumber? { queue.first.map { numbers == .renumber ? ordinal : $0.event.number } }

  mutating func append(_ event: QueuedEvent) {
    queue.append(event)
  }

  /// Takes the first events, as many as one append may have; at least one. The queue must not be empty.
  ///
  /// - Parameter last: None of a higher number; nil for all.
  mutating func take(through last: EventNumber? = nil) -> AppendBatch {
    let first = firstNumber ?? ordinal
    let count = last.map { Int(clamping: min(EventNumber(maximumEvents), $0 - first + 1)) } ?? maximumEvents
    let events = queue.take(isContinued: numbers != .renumber, atMost: count, limits)
    ordinal += EventNumber(events.count)
    return AppendBatch(first: first, events: events)
  }

  /// Brings back what was taken last.
  mutating func putBack(_ events: some Collection<QueuedEvent>) {
    queue.putBack(events)
    ordinal -= EventNumber(events.count)
  }

  /// The target refused this batch for one of its events, which is looked for by halves.
  mutating func narrow(_ batch: AppendBatch) {
    maximumEvents = max(batch.events.count / 2, 1)
  }

  /// Nothing is looked for any more.
  mutating func widen() {
    maximumEvents = limits.maximumEvents
  }

  /// Takes out the first event, whose number stays its own.
  mutating func setFirstAside() {
    queue.removeFirst()
    ordinal += 1
  }

  /// Takes out the first event, whose number the next one gets where events are numbered anew.
  mutating func removeFirst() -> QueuedEvent? {
    queue.removeFirst()
  }

  /// Puts a filler in front, in the place of an event that was removed.
  mutating func prepend(_ filler: QueuedEvent) {
    queue.putBack([filler])
  }

  /// Takes out everything.
  mutating func removeAll() -> [QueuedEvent] {
    queue.removeAll()
  }
}
