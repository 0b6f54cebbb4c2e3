/// How long a run waits before it tries again, and when it stops believing.
package struct RetryPolicy: Hashable, Sendable {
  /// The wait after the first failure.
  package var initialDelay: Duration
  /// The longest wait; each is twice the one before until then.
  package var maximumDelay: Duration
  /// Which part of a wait is left to chance, 0 to 1, so that many clients do not come back at the same moment.
  package var jitter: Double
  /// How long nothing may move before the run ends as stalled.
  package var stallTimeout: Duration

  package init(
    initialDelay: Duration = .milliseconds(100), maximumDelay: Duration = .seconds(10), jitter: Double = 0.25,
    stallTimeout: Duration = .seconds(300)
  ) {
    self.initialDelay = initialDelay
    self.maximumDelay = maximumDelay
    self.jitter = jitter
    self.stallTimeout = stallTimeout
  }

  /// The wait after so many failures in a row, from 1.
  ///
  /// - Parameter chance: 0 to 1; takes that much of the jitter off.
  package func delay(afterFailure failure: Int, chance: Double) -> Duration {
    // Beyond 2^20 every sensible delay has reached its maximum.
    let full = min(initialDelay * (1 << min(max(failure, 1) - 1, 20)), maximumDelay)
    return full * (1 - min(max(jitter, 0), 1) * min(max(chance, 0), 1))
  }
}
