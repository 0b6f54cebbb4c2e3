import EventStoreCore

/// Where a sequence of events meets the writer of their batches; one task fills it, one writes.
final class PublishQueue: Sendable {
  private typealias Continuation = CheckedContinuation<Void, any Error>

  private struct State {
    var machine: PublishBatchStateMachine
    /// What the sequence threw.
    var failure: (any Error)?
    /// Who waits until the sequence may be asked for more.
    var filler: Continuation?
    /// Who waits until the condition holds.
    var writer: (condition: Condition, continuation: Continuation)?
  }

  /// What the writer waits for.
  private enum Condition: Sendable {
    case news
    case due

    func holds(for machine: PublishBatchStateMachine) -> Bool {
      switch self {
      case .news: machine.hasNews
      case .due: machine.isDue
      }
    }
  }

  private let state: Locked<State>
  private let maximumDelay: Duration

  init(_ batches: PublishBatches) {
    state = Locked(State(machine: PublishBatchStateMachine(batches)))
    maximumDelay = batches.maximumDelay
  }

  /// Takes the events of a sequence, as there is room for them, until it ends; what it throws is for the writer.
  func fill<Events: AsyncSequence>(from events: Events) async where Events.Element == ProposedEvent {
    do {
      for try await event in events {
        change { $0.machine.eventCame(event) }
        try await waitForRoom()
      }
      // Many sequences just end when their task is cancelled; that is not their end.
      try Task.checkCancellation()
      change { $0.machine.finished() }
    } catch {
      change { state in
        state.failure = error
        state.machine.finished()
      }
    }
  }

  /// The next batch, when it is full or has waited long enough; nil at the end.
  /// - Throws: what the sequence threw, after what it gave before; `CancellationError`.
  func nextBatch() async throws -> [ProposedEvent]? {
    while true {
      switch state.withLock({ $0.machine.nextBatch() }) {
      case .batch(let batch): return batch
      case .end:
        if let failure = state.withLock({ $0.failure }) { throw failure }
        return nil
      case .nothing: try await wait(for: .news)
      case .waiting: try await waitForMore()
      }
    }
  }

  /// The batch was written: the sequence may go on.
  func batchWritten() {
    change { $0.machine.batchWritten() }
  }

  /// Waits until the batch is full, the sequence has ended, or the time is over.
  private func waitForMore() async throws {
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { [self] in
        try await Task.sleep(for: maximumDelay)
        change { $0.machine.delayPassed() }
      }
      try await wait(for: .due)
      tasks.cancelAll()
    }
  }

  /// Changes the state, and wakes who waits for the change.
  private func change(_ change: (inout State) -> Void) {
    let (filler, writer) = state.withLock { state -> (Continuation?, Continuation?) in
      change(&state)
      var woken: (Continuation?, Continuation?) = (nil, nil)
      if state.machine.wantsEvent { (woken.0, state.filler) = (state.filler, nil) }
      if let writer = state.writer, writer.condition.holds(for: state.machine) {
        (woken.1, state.writer) = (writer.continuation, nil)
      }
      return woken
    }
    filler?.resume()
    writer?.resume()
  }

  private func waitForRoom() async throws {
    if state.withLock({ $0.machine.wantsEvent }) { return }
    try await wait { state, continuation in
      if state.machine.wantsEvent { return true }
      state.filler = continuation
      return false
    } giveUp: { state in
      defer { state.filler = nil }
      return state.filler
    }
  }

  private func wait(for condition: Condition) async throws {
    try await wait { state, continuation in
      if condition.holds(for: state.machine) { return true }
      state.writer = (condition, continuation)
      return false
    } giveUp: { state in
      defer { state.writer = nil }
      return state.writer?.continuation
    }
  }

  /// - Parameters:
  ///   - begin: keeps the continuation, or says that there is nothing to wait for.
  ///   - giveUp: gives the continuation back, if nobody has resumed it.
  /// - Throws: `CancellationError`.
  private func wait(
    _ begin: @Sendable (inout State, Continuation) -> Bool, giveUp: @escaping @Sendable (inout State) -> Continuation?
  ) async throws {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { (continuation: Continuation) in
        let outcome = state.withLock { state -> Result<Void, any Error>? in
          if Task.isCancelled { return .failure(CancellationError()) }
          return begin(&state, continuation) ? .success(()) : nil
        }
        if let outcome { continuation.resume(with: outcome) }
      }
    } onCancel: {
      state.withLock { giveUp(&$0) }?.resume(throwing: CancellationError())
    }
  }
}
