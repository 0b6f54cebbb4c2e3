import EventStoreCore
import Logging

/// Carries out calls that may have to be repeated, each within limits.
struct Patience: Sendable {
  let policy: RetryPolicy
  let stopwatch: Stopwatch
  let stop: StopSignal
  let logger: Logger

  /// Calls `operation` until it succeeds, fails for good, or has failed for as long as the stall time-out.
  ///
  /// - Parameters:
  ///   - what: What is done, for messages: "reading $all".
  ///   - finishing: Whether the stop signal lets the attempt under way finish, and only prevents the next.
  /// - Throws: `stalled`, `Interruption.stopped`, `CancellationError`, and what is not transient.
  func callAsFunction<Success: Sendable>(
    _ what: String, finishing: Bool = false, _ operation: @escaping @Sendable () async throws -> Success
  ) async throws -> Success {
    var retries = RetryStateMachine(policy: policy)
    while true {
      let start = stopwatch.elapsed
      do {
        return try await attempt(finishing: finishing, operation)
      } catch {
        try await wait(after: error, doing: what, from: start, retries: &retries)
      }
    }
  }

  /// Waits after a failure as `retries` says, and returns when it is time to try again.
  ///
  /// - Throws: `stalled`, `Interruption.stopped`, `CancellationError`, and `error` itself when it is not transient.
  func wait(
    after error: any Error, doing what: String, from start: Duration, retries: inout RetryStateMachine,
    isFeed: Bool = false
  ) async throws {
    let isTransient = isFeed ? Self.isTransientForFeed(error) : Self.isTransient(error)
    switch retries.failed(
      isTransient: isTransient, from: start, at: stopwatch.elapsed, chance: .random(in: 0...1))
    {
    case .fail:
      throw error
    case .stalled(let duration):
      throw Self.stalled(what, for: duration, cause: error)
    case .retry(let delay):
      logger.warning("\(what) failed, trying again", metadata: ["error": "\(error)", "delay": "\(delay)"])
      try await pause(delay)
    }
  }

  /// Waits.
  /// - Throws: `Interruption.stopped`, `CancellationError`.
  func pause(_ duration: Duration) async throws {
    let never = Task<Void, any Error> { try await Task.sleep(for: .seconds(1 << 40)) }
    defer { never.cancel() }
    do {
      try await result(of: never, within: duration, on: stopwatch, unless: stop)
    } catch Interruption.timedOut {
      return
    }
  }

  /// The error that says that nothing moved for too long.
  static func stalled(_ what: String, for duration: Duration, cause: (any Error)? = nil) -> ReplicationError {
    ReplicationError(
      .stalled, "\(what) did not get any further for \(duration.components.seconds) seconds",
      hint: "what was done so far is kept; run the same command again once the server answers",
      cause: cause.map { "\($0)" })
  }

  /// Calls `operation` once, for at most as long as the stall time-out.
  ///
  /// - Parameter finishing: Whether the stop signal lets it finish.
  /// - Throws: `Interruption.timedOut`, `Interruption.stopped`, and what `operation` throws.
  func attempt<Success: Sendable>(
    finishing: Bool, _ operation: @escaping @Sendable () async throws -> Success
  ) async throws -> Success {
    try await result(
      within: policy.stallTimeout, on: stopwatch, unless: finishing ? nil : stop, of: operation)
  }

  /// Whether the same call may succeed later.
  static func isTransient(_ error: any Error) -> Bool {
    switch error {
    case let error as EventStoreError: error.isTransient
    case let error as Interruption: error == .timedOut
    default: false
    }
  }

  /// As `isTransient`, for a feed: one that the server dropped can be begun again.
  static func isTransientForFeed(_ error: any Error) -> Bool {
    if let error = error as? EventStoreError, error.code == .subscriptionDropped { return true }
    return isTransient(error)
  }
}
