import EventStoreCore
import EventStoreWire

extension SessionRequest {
  func writeEvents(_ message: WriteEvents) throws(RequestFailure) -> WriteEventsCompleted {
    try checkStream(message.stream)
    try checkSizes(message.events)
    let expected = try expectedVersion(message.expectedVersion)
    try need(.writer(requireLeader: message.requireLeader))
    return WriteEventsCompleted(log.append(message.events, to: message.stream, expected: expected, by: asker))
  }

  func deleteStream(_ message: DeleteStream) throws(RequestFailure) -> DeleteStreamCompleted {
    guard !message.stream.utf8.isEmpty else { throw .badRequest }
    let expected = try expectedVersion(message.expectedVersion)
    guard expected != .streamExists else { throw .badRequest }
    try need(.writer(requireLeader: message.requireLeader))
    let outcome = log.delete(message.stream, expected: expected, hard: message.hardDelete, by: asker)
    return DeleteStreamCompleted(
      result: outcome.result, message: outcome.refusalText,
      position: outcome.position ?? Position(commit: -1, prepare: -1), currentVersion: nil)
  }

  func startTransaction(_ message: TransactionStart) throws(RequestFailure) -> TransactionStartCompleted {
    try checkStream(message.stream)
    let expected = try expectedVersion(message.expectedVersion)
    try need(.writer(requireLeader: message.requireLeader))
    guard let id = log.startTransaction(on: message.stream, expected: expected, by: asker) else {
      return TransactionStartCompleted(
        transactionID: -1, result: .accessDenied, message: WriteOutcome.accessDenied.refusalText)
    }
    return TransactionStartCompleted(transactionID: id, result: .success)
  }

  func writeTransaction(_ message: TransactionWrite) throws(RequestFailure) -> TransactionWriteCompleted {
    guard message.transactionID >= 0 else { throw .badRequest }
    try checkSizes(message.events)
    try need(.writer(requireLeader: message.requireLeader))
    log.writeTransaction(message.transactionID, message.events)
    return TransactionWriteCompleted(transactionID: message.transactionID, result: .success)
  }

  func commitTransaction(_ message: TransactionCommit) throws(RequestFailure) -> TransactionCommitCompleted {
    guard message.transactionID >= 0 else { throw .badRequest }
    try need(.writer(requireLeader: message.requireLeader))
    var completed = TransactionCommitCompleted(
      message.transactionID, log.commitTransaction(message.transactionID, by: asker))
    // A follower does not know where its leader wrote a forwarded commit.
    if case .follower = availability { completed.position = Position(commit: 0, prepare: 0) }
    return completed
  }

  /// A stream named `$$` ends a real server; here it is refused.
  private func checkStream(_ stream: StreamName) throws(RequestFailure) {
    guard !stream.utf8.isEmpty, stream != "$$" else { throw .badRequest }
  }

  private func checkSizes(_ events: [ProposedEvent]) throws(RequestFailure) {
    for event in events where event.weightInBytes > Self.maximumEventBytes { throw .badRequest }
  }

  private func expectedVersion(_ number: Int64) throws(RequestFailure) -> ExpectedVersion {
    guard let expected = ExpectedVersion(wireValue: upgraded(number)) else { throw .badRequest }
    return expected
  }
}

extension WriteOutcome {
  /// The result on the wire.
  var result: OperationResult {
    switch self {
    case .written, .repeated: .success
    case .wrongExpectedVersion: .wrongExpectedVersion
    case .streamDeleted: .streamDeleted
    case .accessDenied: .accessDenied
    }
  }

  /// The server's words; nil on success.
  var refusalText: String? {
    switch self {
    case .written, .repeated: nil
    case .wrongExpectedVersion: "Wrong expected version."
    case .streamDeleted: "Stream is deleted."
    case .accessDenied: "Access denied."
    }
  }

  /// Where it was written; (-1,-1) for a repeat, nil for a refusal.
  var position: Position? {
    switch self {
    case .written(_, _, let position): position
    case .repeated: Position(commit: -1, prepare: -1)
    case .wrongExpectedVersion, .streamDeleted, .accessDenied: nil
    }
  }

  /// The numbers of the first and the last event; nil for a refusal.
  fileprivate var numbers: (first: EventNumber, last: EventNumber)? {
    switch self {
    case .written(let first, let last, _), .repeated(let first, let last): (first, last)
    case .wrongExpectedVersion, .streamDeleted, .accessDenied: nil
    }
  }
}

/// What stands where a refused write has no number.
private let noNumber = Int64(Int32.min)

extension WriteEventsCompleted {
  fileprivate init(_ outcome: WriteOutcome) {
    var currentVersion: EventNumber = outcome.numbers == nil ? -1 : 0
    if case .wrongExpectedVersion(let current) = outcome { currentVersion = current }
    self.init(
      result: outcome.result, message: outcome.refusalText, firstEventNumber: outcome.numbers?.first ?? noNumber,
      lastEventNumber: outcome.numbers?.last ?? noNumber,
      position: outcome.position ?? Position(commit: 0, prepare: noNumber), currentVersion: currentVersion)
  }
}

extension TransactionCommitCompleted {
  fileprivate init(_ id: Int64, _ outcome: WriteOutcome) {
    self.init(
      transactionID: id, result: outcome.result, message: outcome.refusalText ?? "",
      firstEventNumber: outcome.numbers?.first ?? noNumber, lastEventNumber: outcome.numbers?.last ?? noNumber,
      position: outcome.position ?? Position(commit: 0, prepare: 0))
  }
}
