import EventStoreCore

/// Ids in the order in which they are to be sent; ids that nobody waits for any more may stay in it.
struct WaitingQueue: Sendable {
  private struct Entry {
    var id: EventID
    var sequence: UInt64
  }

  private var entries: [Entry] = []
  private var head = 0

  /// How many ids are in it, those included that nobody waits for.
  var count: Int { entries.count - head }

  /// Adds the newest of all.
  mutating func append(_ id: EventID, sequence: UInt64) {
    entries.append(Entry(id: id, sequence: sequence))
  }

  /// Adds ids that were in it before, each at the place of its sequence.
  mutating func prepend(_ again: [(EventID, UInt64)]) {
    guard !again.isEmpty else { return }
    entries = (again.map { Entry(id: $0.0, sequence: $0.1) } + entries[head...]).sorted { $0.sequence < $1.sequence }
    head = 0
  }

  /// Throws out ids that nobody waits for any more.
  mutating func compact(keeping isWaiting: (EventID) -> Bool) {
    entries = entries[head...].filter { isWaiting($0.id) }
    head = 0
  }

  /// Takes the oldest; nil when there is none.
  mutating func popFirst() -> EventID? {
    guard head < entries.count else { return nil }
    let id = entries[head].id
    head += 1
    if head == entries.count {
      entries.removeAll(keepingCapacity: true)
      head = 0
    } else if head >= 1024, head * 2 >= entries.count {
      entries.removeFirst(head)
      head = 0
    }
    return id
  }
}
