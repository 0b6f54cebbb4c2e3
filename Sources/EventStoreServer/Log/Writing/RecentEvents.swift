import EventStoreCore

/// Which events were written lately, by stream and id: how an append without an exact expected version knows a repeat.
///
/// Bounded, as in a real server: the oldest are forgotten in halves, and their repeats are written again.
struct RecentEvents {
  private struct Key: Hashable {
    let stream: StreamTable.Index
    let id: EventID
  }

  private let capacity: Int
  private var newer: [Key: EventNumber] = [:]
  private var older: [Key: EventNumber] = [:]

  /// - Parameter capacity: how many events are known at least, once that many were written.
  init(capacity: Int = 1_000_000) {
    self.capacity = capacity
  }

  /// The number of the first event with this id in this stream; nil when it is not known.
  func number(of id: EventID, in stream: StreamTable.Index) -> EventNumber? {
    let key = Key(stream: stream, id: id)
    return older[key] ?? newer[key]
  }

  /// An event was written.
  mutating func add(_ id: EventID, in stream: StreamTable.Index, number: EventNumber) {
    guard self.number(of: id, in: stream) == nil else { return }
    if newer.count >= capacity {
      older = newer
      newer = [:]
    }
    newer[Key(stream: stream, id: id)] = number
  }
}
