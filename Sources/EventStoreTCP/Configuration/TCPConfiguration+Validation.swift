package import EventStoreCore

extension TCPConfiguration {
  /// Everything that is wrong with the configuration, one sentence each; empty when nothing is.
  package var problems: [String] {
    var problems: [String] = []
    if let credentials { problems += Self.problems(of: credentials) }
    let durations: [(String, Duration)] = [
      ("the connect time-out", connectTimeout), ("the request time-out", requestTimeout),
      ("the heartbeat interval", heartbeatInterval), ("the heartbeat time-out", heartbeatTimeout),
    ]
    for (name, duration) in durations where duration <= .zero {
      problems.append("\(name) must be more than nothing, it is \(duration)")
    }
    let counts: [(String, Int, ClosedRange<Int>)] = [
      ("the number of requests in flight", maximumRequestsInFlight, 1...1_000_000),
      ("the number of waiting requests", maximumWaitingRequests, 0...10_000_000),
      ("the number of redirects", maximumRedirects, 0...100),
      ("the inbound frame limit in bytes", maximumFrameBytes, 1024...(Int(Int32.max))),
      ("the page size", initialPageSize, 1...PageSizing.largestPage),
      ("the events in a subscription's buffer", subscriptionBufferEvents, 1...10_000_000),
      ("the bytes in a subscription's buffer", subscriptionBufferBytes, 1...(1 << 30)),
    ]
    for (name, count, allowed) in counts where !allowed.contains(count) {
      problems.append("\(name) must be \(allowed.lowerBound) to \(allowed.upperBound), it is \(count)")
    }
    for (name, policy) in policies {
      if let attempts = policy.maximumAttempts, attempts < 1 {
        problems.append("\(name) must allow at least one attempt")
      }
      if policy.firstDelay < .zero || policy.maximumDelay < policy.firstDelay {
        problems.append("\(name) needs a largest delay that is not less than the first")
      }
    }
    return problems
  }

  /// Throws `invalidArgument` with every problem when there is one.
  package func validate() throws(EventStoreError) {
    let problems = problems
    guard !problems.isEmpty else { return }
    throw EventStoreError(.invalidArgument, problems.joined(separator: "; "))
  }

  /// What keeps these credentials from fitting into a frame (PROTOCOLS: at most 255 bytes each).
  static func problems(of credentials: Credentials) -> [String] {
    var problems: [String] = []
    if credentials.login.isEmpty { problems.append("the login is empty") }
    if credentials.login.utf8.count > 255 { problems.append("the login is longer than 255 bytes") }
    if credentials.password.utf8.count > 255 { problems.append("the password is longer than 255 bytes") }
    return problems
  }

  private var policies: [(String, RetryPolicy)] {
    [
      ("the first connection", firstConnection), ("the reconnection", reconnection),
      ("the retry of requests", requestRetries), ("the authentication", authentication),
    ]
  }
}
