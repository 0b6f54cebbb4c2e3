/// Counts failed attempts, and says how long to pause before the next one: exponential, with jitter and a cap.
package struct BackOff: Hashable, Sendable {
  /// What is allowed.
  package let policy: RetryPolicy
  /// How many attempts have failed in a row.
  package private(set) var failures: Int

  package init(_ policy: RetryPolicy, failures: Int = 0) {
    self.policy = policy
    self.failures = failures
  }

  /// An attempt failed. Returns the pause before the next one; nil to give up.
  /// - Parameter random: 0 to 1; decides how much of the upper half of the pause is waited.
  package mutating func attemptFailed(random: Double) -> Duration? {
    failures += 1
    if let maximum = policy.maximumAttempts, failures >= maximum { return nil }
    return pause(random: random)
  }

  /// The pause that this many failures are worth: between half of it and all of it, so that clients do not return as one.
  package func pause(random: Double) -> Duration {
    let doublings = min(max(failures - 1, 0), 30)
    let whole = min(policy.firstDelay * (1 << doublings), policy.maximumDelay)
    return whole * (0.5 + min(max(random, 0), 1) / 2)
  }

  /// An attempt succeeded: the next failure is the first one again.
  package mutating func succeeded() {
    failures = 0
  }
}
