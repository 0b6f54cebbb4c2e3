import EventStoreCore

/// Explicit transactions: their events appear at the commit, with its commit position and their own prepare positions.
extension MemoryLog {
  /// Begins a transaction; its id, nil when the user may not write to the stream.
  ///
  /// The expected version is looked at only by the commit.
  mutating func startTransaction(
    on stream: StreamName, expected: ExpectedVersion, by principal: Principal?
  ) -> Int64? {
    guard allows(.write, to: stream, by: principal) else { return nil }
    let id = store.appendBare(stream: stream, isCommitted: false)
    transactions.start(id, stream: stream, expected: expected)
    return id
  }

  /// Prepares events in a transaction; an unknown one is not noticed before its commit.
  mutating func writeTransaction(_ id: Int64, _ events: [ProposedEvent], at now: Timestamp) {
    guard let stream = transactions[id]?.stream else { return }
    for event in PayloadBlock.copy(events) {
      let position = store.prepare(event, stream: stream)
      transactions.prepare(TransactionTable.Prepared(event: event, position: position, created: now), in: id)
    }
  }

  /// Commits a transaction; a second commit is a repeat.
  ///
  /// - Parameter serverID: the id of the `$metadata` event that the server writes when this re-creates a stream.
  mutating func commitTransaction(
    _ id: Int64, by principal: Principal?, at now: Timestamp, serverID: EventID
  ) -> WriteOutcome {
    guard let transaction = transactions[id], allows(.write, to: transaction.stream, by: principal) else {
      return .accessDenied
    }
    transactions.seal(id)
    _ = store.appendBare(stream: transaction.stream, isCommitted: false)
    if let committed = transaction.committed {
      guard streams.lastNumber(transaction.stream) != .deleted else { return .streamDeleted }
      return .repeated(first: committed.first, last: committed.last)
    }
    let ids = transaction.prepared.lazy.map(\.event.id)
    let decision = decide(ids, stream: transaction.stream, expected: transaction.expected)
    guard case .write(let last, let recreates) = decision else { return WriteOutcome(refusal: decision) }

    let position = show(transaction.prepared, in: transaction.stream, after: last)
    let newLast = last + EventNumber(transaction.prepared.count)
    transactions.commit(id, first: last + 1, last: newLast)
    if recreates { writeTruncation(of: transaction.stream, before: last + 1, at: now, id: serverID) }
    return .written(first: last + 1, last: newLast, position: position)
  }

  private mutating func show(
    _ prepared: [TransactionTable.Prepared], in stream: StreamName, after last: EventNumber
  ) -> Position {
    let commit = store.appendCommit()
    if !prepared.isEmpty {
      let index = streams.findOrAdd(stream)
      for (offset, item) in prepared.enumerated() {
        let number = last + 1 + EventNumber(offset)
        let place = store.show(
          item.event, stream: index, number: number, created: item.created, prepare: item.position, commit: commit)
        recordAdded(place, item.event, number: number, in: index)
      }
      streamWritten(index)
    }
    return Position(commit: commit, prepare: commit)
  }
}
