/// Decides whether something that failed is tried again, and when.
///
/// Times are durations since any fixed moment, by one clock.
package struct RetryStateMachine: Sendable {
  /// What to do after a failure.
  package enum Action: Equatable, Sendable {
    /// Wait, then try again.
    case retry(after: Duration)
    /// Trying again cannot help: report the failure itself.
    case fail
    /// It has failed for as long as the stall time-out: report that.
    case stalled(for: Duration)
  }

  private enum State {
    case working
    case failing(since: Duration, failures: Int)
  }

  private let policy: RetryPolicy
  private var state = State.working

  package init(policy: RetryPolicy) {
    self.policy = policy
  }

  /// Something moved.
  package mutating func progressed() {
    state = .working
  }

  /// An attempt failed.
  ///
  /// - Parameters:
  ///   - isTransient: Whether the same attempt may succeed later.
  ///   - start: When the attempt, or the wait that it ended, began.
  ///   - chance: A random number, 0 to 1.
  package mutating func failed(isTransient: Bool, from start: Duration, at now: Duration, chance: Double) -> Action {
    guard isTransient else { return .fail }
    let (since, failures) =
      switch state {
      case .working: (start, 1)
      case .failing(let since, let failures): (since, failures + 1)
      }
    let left = policy.stallTimeout - (now - since)
    guard left > .zero else { return .stalled(for: now - since) }
    state = .failing(since: since, failures: failures)
    return .retry(after: min(policy.delay(afterFailure: failures, chance: chance), left))
  }
}
