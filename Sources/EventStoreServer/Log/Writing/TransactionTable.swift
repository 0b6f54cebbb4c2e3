import EventStoreCore

/// The explicit transactions of a log: what each has prepared, and what its first commit came to.
struct TransactionTable {
  /// A transaction's id: where its first record begins.
  typealias ID = Int64

  /// An event that waits for its commit.
  struct Prepared {
    let event: ProposedEvent
    let position: Int64
    let created: Timestamp
  }

  /// One transaction.
  struct Transaction {
    let stream: StreamName
    let expected: ExpectedVersion
    /// What the first commit takes; later events are lost, as in a real server.
    var prepared: [Prepared] = []
    /// Whether a commit was tried.
    var isSealed = false
    /// The numbers under which the events were written; nil while they were not.
    var committed: (first: EventNumber, last: EventNumber)?
  }

  /// How many are remembered; the oldest are forgotten, and unknown from then on.
  private let capacity: Int
  private var transactions: [ID: Transaction] = [:]
  private var order: [ID] = []
  private var forgotten = 0

  init(capacity: Int = 10_000) {
    self.capacity = capacity
  }

  subscript(id: ID) -> Transaction? { transactions[id] }

  /// A transaction begins.
  mutating func start(_ id: ID, stream: StreamName, expected: ExpectedVersion) {
    transactions[id] = Transaction(stream: stream, expected: expected)
    order.append(id)
    if order.count - forgotten > capacity {
      transactions[order[forgotten]] = nil
      forgotten += 1
      if forgotten > capacity {
        order.removeFirst(forgotten)
        forgotten = 0
      }
    }
  }

  /// An event was prepared; after the first commit it is lost.
  mutating func prepare(_ prepared: Prepared, in id: ID) {
    guard transactions[id]?.isSealed == false else { return }
    transactions[id]?.prepared.append(prepared)
  }

  /// A commit is tried.
  mutating func seal(_ id: ID) {
    transactions[id]?.isSealed = true
  }

  /// The events were written; they need not be kept twice.
  mutating func commit(_ id: ID, first: EventNumber, last: EventNumber) {
    transactions[id]?.committed = (first, last)
    transactions[id]?.prepared = []
  }
}
