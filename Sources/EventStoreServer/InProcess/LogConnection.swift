package import EventStoreCore

/// A log read and written in the same process: both ports, without a network between.
///
/// Answers as a client over TCP gets them: reads of a stream carry no positions. Faults can be planned for tests.
package final class LogConnection: EventReader, EventWriter {
  private let log: EventLog
  private let principal: Principal?
  private let faults = Locked(LogFaultPlan())
  private let writeLimits: WriteLimits

  /// What a 4.1.4 server takes over TCP.
  package static let tcpLimits = WriteLimits(
    maximumEventBytes: 16_767_216, maximumAppendBytes: 60 * 1024 * 1024, maximumAppendEvents: 1000)

  /// A connection to `log`.
  /// - Parameters:
  ///   - principal: who uses it, nil for an anonymous client; by default the server itself, who may do everything.
  ///   - limits: what it takes; larger events are refused with `eventTooLarge`.
  package init(
    _ log: EventLog, as principal: Principal? = .system, limits: WriteLimits = LogConnection.tcpLimits
  ) {
    self.log = log
    self.principal = principal
    writeLimits = limits
  }

  package var limits: WriteLimits { get async { writeLimits } }

  /// Plans that something goes wrong.
  /// - Parameters:
  ///   - skipping: how many such requests go well first.
  ///   - times: how many are hit after that.
  package func plan(_ fault: LogFault, on request: LogRequest, skipping: Int = 0, times: Int = 1) {
    faults.withLock { $0.plan(fault, on: request, skipping: skipping, times: times) }
  }

  /// How many requests were hit by a fault.
  package var faultHits: Int { faults.withLock { $0.hits } }

  /// Whether a planned fault has not happened as often as planned.
  package var hasPendingFaults: Bool { faults.withLock { $0.isPending } }

  // MARK: EventWriter

  package func append(
    _ events: [ProposedEvent], to stream: StreamName, expected: ExpectedVersion
  ) async throws -> AppendResult {
    try check(events, stream, expected)
    let appendAll = { [log, principal] in log.append(events, to: stream, expected: expected, by: principal) }
    let outcome = try await carryOut(.append, isRecognised: expected.isExact, stream, appendAll)
    switch outcome {
    case .written(let first, let last, let position):
      return AppendResult(firstEventNumber: first, lastEventNumber: last, position: position)
    case .repeated(let first, let last):
      return AppendResult(firstEventNumber: first, lastEventNumber: last, position: nil)
    case .wrongExpectedVersion, .streamDeleted, .accessDenied:
      throw EventStoreError(refusal: outcome, stream: stream, expected: expected)
    }
  }

  package func delete(_ stream: StreamName, expected: ExpectedVersion, hard: Bool) async throws {
    try check([], stream, expected)
    guard expected != .streamExists else {
      throw EventStoreError(.invalidArgument, "a delete cannot expect that the stream exists", stream: stream)
    }
    let outcome = try await carryOut(.delete, isRecognised: false, stream) { [log, principal] in
      log.delete(stream, expected: expected, hard: hard, by: principal)
    }
    switch outcome {
    case .written, .repeated: return
    case .wrongExpectedVersion, .streamDeleted, .accessDenied:
      throw EventStoreError(refusal: outcome, stream: stream, expected: expected)
    }
  }

  // MARK: EventReader

  package func readAll(
    _ direction: ReadDirection, from position: Position, maximumCount: Int, resolveLinks: Bool
  ) async throws -> AllPage {
    try check(maximumCount)
    let answer = try await carryOut(.readAll, isRecognised: true, nil) { [log, principal] in
      log.readAll(
        direction, from: position, maximumCount: maximumCount, resolveLinks: resolveLinks, by: principal)
    }
    return try answer.outcome.page(of: nil, position: position)
  }

  package func readStream(
    _ stream: StreamName, _ direction: ReadDirection, from number: EventNumber, maximumCount: Int, resolveLinks: Bool
  ) async throws -> StreamPage {
    try check(maximumCount)
    try check(stream)
    let answer = try await carryOut(.readStream, isRecognised: true, stream) { [log, principal] in
      log.readStream(
        stream, direction, from: number, maximumCount: maximumCount, resolveLinks: resolveLinks, by: principal)
    }
    return try answer.outcome.page(of: stream, position: nil)
  }

  package func readEvent(
    _ stream: StreamName, number: EventNumber, resolveLinks: Bool
  ) async throws -> EventLookup {
    try check(stream)
    guard number >= EventNumber.streamEnd else {
      throw EventStoreError(.invalidArgument, "\(number) is no event number", stream: stream)
    }
    let outcome = try await carryOut(.readEvent, isRecognised: true, stream) { [log, principal] in
      log.readEvent(stream, number: number, resolveLinks: resolveLinks, by: principal)
    }
    return try outcome.page(of: stream, position: nil)
  }

  package func catchUpAll(
    after position: Position, resolveLinks: Bool, pageSize: Int
  ) async throws -> any EventFeed {
    // After the end means after what is written now: a transaction that began before can still be committed.
    let next = position == .end ? Position(commit: log.writerCheckpoint, prepare: 0) : position
    return try await catchUp(LogFeed.Cursor.all(after: position, next: next), resolveLinks, pageSize)
  }

  package func catchUp(
    _ stream: StreamName, after number: EventNumber?, resolveLinks: Bool, pageSize: Int
  ) async throws -> any EventFeed {
    try await catchUp(LogFeed.Cursor.stream(stream, next: number.map { $0 + 1 } ?? 0), resolveLinks, pageSize)
  }

  private func catchUp(_ cursor: LogFeed.Cursor, _ resolveLinks: Bool, _ pageSize: Int) async throws -> LogFeed {
    try check(pageSize)
    return try await carryOut(.catchUp, isRecognised: true, nil) { [self] in
      LogFeed(self, log: log, as: principal, from: cursor, resolveLinks: resolveLinks, pageSize: pageSize)
    }
  }

  // MARK: What they share

  /// A batch of a feed is asked for; throws what was planned.
  func batchRequested() throws {
    switch faults.withLock({ $0.requested(.nextBatch) }) {
    case nil: return
    case .refuse(let error), .failAfter(let error): throw error
    case .loseReply: throw EventStoreError(.connectionLost, "the connection was lost")
    }
  }

  /// Carries a request out, and what was planned to go wrong with it.
  private func carryOut<Outcome>(
    _ request: LogRequest, isRecognised: Bool, _ stream: StreamName?, _ body: () -> Outcome
  ) async throws -> Outcome {
    try Task.checkCancellation()
    switch faults.withLock({ $0.requested(request) }) {
    case nil: return body()
    case .refuse(let error): throw error
    case .failAfter(let error):
      _ = body()
      throw error
    case .loseReply:
      _ = body()
      guard isRecognised else {
        throw EventStoreError(.connectionLost, "the connection was lost before the answer came", stream: stream)
      }
      return body()
    }
  }

  private func check(_ maximumCount: Int) throws {
    guard (1...4095).contains(maximumCount) else {
      throw EventStoreError(.invalidArgument, "a page holds 1 to 4095 events, not \(maximumCount)")
    }
  }

  private func check(_ stream: StreamName) throws {
    guard !stream.utf8.isEmpty else { throw EventStoreError(.invalidArgument, "a stream's name is not empty") }
  }

  private func check(_ events: [ProposedEvent], _ stream: StreamName, _ expected: ExpectedVersion) throws {
    try check(stream)
    guard stream != "$$" else { throw EventStoreError(.invalidArgument, "no stream can be named $$", stream: stream) }
    if case .exactly(let number) = expected, number < 0 {
      throw EventStoreError(.invalidArgument, "\(number) is no event number to expect", stream: stream)
    }
    guard events.allSatisfy({ !$0.type.utf8.isEmpty }) else {
      throw EventStoreError(.invalidArgument, "an event needs a type", stream: stream)
    }
    let weights = events.map(\.weightInBytes)
    if let heaviest = weights.max(), heaviest > writeLimits.maximumEventBytes {
      throw EventStoreError(
        .eventTooLarge, "an event of \(heaviest) bytes is more than the server takes", stream: stream)
    }
    let total = weights.reduce(0, +)
    if total > writeLimits.maximumAppendBytes {
      throw EventStoreError(.eventTooLarge, "an append of \(total) bytes is more than the server takes", stream: stream)
    }
  }
}

extension ExpectedVersion {
  /// Whether a repeat is recognised, however old.
  fileprivate var isExact: Bool {
    switch self {
    case .noStream, .exactly: true
    case .any, .streamExists: false
    }
  }
}
