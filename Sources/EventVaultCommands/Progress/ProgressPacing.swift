/// Decides when progress is shown: often where one line is rewritten, seldom where every line stays.
package struct ProgressPacing: Sendable {
  private let interval: Duration
  private var next: Duration

  /// - Parameter isTerminal: Whether one line on a terminal is rewritten: 5 times a second, else every 10 seconds.
  package init(isTerminal: Bool) {
    interval = isTerminal ? .milliseconds(200) : .seconds(10)
    next = interval
  }

  /// Whether to show progress now.
  /// - Parameter elapsed: The time since the run began.
  package mutating func isDue(at elapsed: Duration) -> Bool {
    guard elapsed >= next else { return false }
    next = elapsed + interval
    return true
  }
}
