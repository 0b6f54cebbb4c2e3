/// How often, and after which pauses, something is tried again.
package struct RetryPolicy: Hashable, Sendable {
  /// How often it is tried in all; nil never gives up.
  package var maximumAttempts: Int?
  /// The longest pause before the second attempt; it doubles with every further one.
  package var firstDelay: Duration
  /// The longest pause of all.
  package var maximumDelay: Duration

  package init(maximumAttempts: Int?, firstDelay: Duration = .milliseconds(100), maximumDelay: Duration = .seconds(5)) {
    self.maximumAttempts = maximumAttempts
    self.firstDelay = firstDelay
    self.maximumDelay = maximumDelay
  }
}
