/// Notices a run that is alive but gets nowhere: there is more to read or to write, and nothing moves.
///
/// Times are durations since any fixed moment, by one clock.
package struct StallDetector: Sendable {
  /// What an observation says.
  package enum Verdict: Equatable, Sendable {
    /// Nothing to do, or something moved lately.
    case healthy
    /// Nothing moved for this long although there is work.
    case stalled(for: Duration)
  }

  private enum State {
    case upToDate
    case behind(since: Duration)
  }

  private let timeout: Duration
  private var state = State.upToDate

  package init(timeout: Duration) {
    self.timeout = timeout
  }

  /// Something moved.
  package mutating func progressed() {
    state = .upToDate
  }

  /// Somebody looked whether there is work left.
  package mutating func observed(isBehind: Bool, at now: Duration) -> Verdict {
    guard isBehind else {
      state = .upToDate
      return .healthy
    }
    switch state {
    case .upToDate:
      state = .behind(since: now)
      return .healthy
    case .behind(let since):
      return now - since >= timeout ? .stalled(for: now - since) : .healthy
    }
  }
}
