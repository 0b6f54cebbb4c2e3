import EventStoreCore

/// What ended a wait before its result came.
enum Interruption: Error, Equatable {
  /// The stop signal was given.
  case stopped
  /// The limit was reached.
  case timedOut
}

/// Waits for a task's result, but not longer than `limit`, and not beyond a stop signal or cancellation.
///
/// The task goes on: the caller waits for it again, or cancels it. It is never waited for in vain, so that code which does
/// not react to cancellation cannot hang a run.
/// - Throws: `Interruption`, `CancellationError`, and what the task throws.
func result<Success: Sendable>(
  of task: Task<Success, any Error>, within limit: Duration, on stopwatch: Stopwatch, unless stop: StopSignal? = nil
) async throws -> Success {
  let first = FirstResult<Success>()
  let waiter = Task { first.settle(await task.result) }
  defer { waiter.cancel() }
  return try await first.value(within: limit, on: stopwatch, unless: stop)
}

/// Carries out `operation`, but not longer than `limit`, and not beyond a stop signal or cancellation; it is cancelled then.
///
/// As `result(of:within:on:unless:)` otherwise.
func result<Success: Sendable>(
  within limit: Duration, on stopwatch: Stopwatch, unless stop: StopSignal? = nil,
  of operation: @escaping @Sendable () async throws -> Success
) async throws -> Success {
  let first = FirstResult<Success>()
  let work = Task {
    do {
      first.settle(.success(try await operation()))
    } catch {
      first.settle(.failure(error))
    }
  }
  defer { work.cancel() }
  return try await first.value(within: limit, on: stopwatch, unless: stop)
}

/// The first of several results; the later ones are dropped.
private final class FirstResult<Success: Sendable>: Sendable {
  private enum State {
    case empty
    case awaited(CheckedContinuation<Success, any Error>)
    case settled(Result<Success, any Error>)
  }

  private let state = Locked(State.empty)

  func settle(_ result: Result<Success, any Error>) {
    let continuation = state.withLock { state -> CheckedContinuation<Success, any Error>? in
      switch state {
      case .empty:
        state = .settled(result)
        return nil
      case .awaited(let continuation):
        state = .settled(result)
        return continuation
      case .settled:
        return nil
      }
    }
    continuation?.resume(with: result)
  }

  /// The first result, unless the limit, the stop signal or cancellation comes before it; for one caller.
  func value(within limit: Duration, on stopwatch: Stopwatch, unless stop: StopSignal?) async throws -> Success {
    // A result that is there already must not win against a stop: a source that is always quick would never be left.
    if let stop, stop.isStopped { throw Interruption.stopped }
    let timer = Task {
      // Only cancellation ends a sleep early, and then nobody is interested any more.
      guard (try? await stopwatch.sleep(for: limit)) != nil else { return }
      settle(.failure(Interruption.timedOut))
    }
    defer { timer.cancel() }
    let stopper = stop.map { stop in
      Task {
        await stop.wait()
        if stop.isStopped { settle(.failure(Interruption.stopped)) }
      }
    }
    defer { stopper?.cancel() }
    return try await withTaskCancellationHandler {
      try await value()
    } onCancel: {
      settle(.failure(CancellationError()))
    }
  }

  private func value() async throws -> Success {
    try await withCheckedThrowingContinuation { continuation in
      let settled = state.withLock { state -> Result<Success, any Error>? in
        switch state {
        case .empty, .awaited:
          state = .awaited(continuation)
          return nil
        case .settled(let result):
          return result
        }
      }
      if let settled { continuation.resume(with: settled) }
    }
  }
}
