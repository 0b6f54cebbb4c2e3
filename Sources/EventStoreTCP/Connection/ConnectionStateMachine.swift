package import EventStoreCore
package import EventStoreWire
package import NIOCore

/// The life of one connection: TCP, TLS, identified, authenticated, ready, closed.
///
/// A login that is refused is tried again some times: a server that is starting refuses valid ones for a while.
package struct ConnectionStateMachine: Sendable {
  /// What to do next.
  package enum Action: Hashable, Sendable {
    /// Nothing.
    case none
    /// Send IdentifyClient with this correlation id.
    case identify(EventID)
    /// Send Authenticate with this correlation id.
    case authenticate(EventID)
    /// Requests can be sent from now on.
    case becomeReady
    /// The frame answers a request, or is news of a subscription.
    case passOn
    /// Close the connection: it will never be ready.
    case fail(EventStoreError)
  }

  /// What the end of the connection means.
  package enum End: Hashable, Sendable {
    /// It was never ready.
    case neverReady(EventStoreError)
    /// It was ready; what was in flight is unanswered.
    case lost(EventStoreError)
    /// It had ended before.
    case known
  }

  private enum State {
    case connecting
    case securing(until: NIODeadline)
    case identifying(EventID, until: NIODeadline)
    case authenticating(EventID, BackOff, until: NIODeadline)
    case pausing(BackOff, until: NIODeadline)
    case ready
    case closed
  }

  private var state = State.connecting
  private let endpoint: Endpoint
  private let isSecured: Bool
  private let login: String?
  private let timeout: TimeAmount
  private let authentication: RetryPolicy

  package init(endpoint: Endpoint, configuration: TCPConfiguration) {
    self.endpoint = endpoint
    isSecured = configuration.security != nil
    login = configuration.credentials?.login
    timeout = TimeAmount(configuration.connectTimeout)
    authentication = configuration.authentication
  }

  /// Whether requests can be sent.
  package var isReady: Bool {
    if case .ready = state { true } else { false }
  }

  /// TCP stands.
  package mutating func connected(now: NIODeadline, id: EventID) -> Action {
    guard case .connecting = state else { return .none }
    if isSecured {
      state = .securing(until: now + timeout)
      return .none
    }
    return identify(now: now, id: id)
  }

  /// TLS stands.
  package mutating func secured(now: NIODeadline, id: EventID) -> Action {
    switch state {
    case .connecting, .securing: identify(now: now, id: id)
    case .identifying, .authenticating, .pausing, .ready, .closed: .none
    }
  }

  /// A frame came.
  /// - Parameters:
  ///   - words: the frame's payload as text, looked at only where it is text.
  ///   - nextID: the correlation id of what is sent next; made only when something is.
  ///   - random: 0 to 1, for the pause before another login.
  package mutating func frameArrived(
    _ command: Command, id: EventID, words: @autoclosure () -> String, now: NIODeadline,
    nextID: @autoclosure () -> EventID, random: @autoclosure () -> Double
  ) -> Action {
    switch state {
    case .ready:
      return .passOn
    case .identifying(id, _):
      // A server before 4.0 does not know the command, and says so; it needs no identification.
      guard command == .clientIdentified || command == .badRequest else { return .none }
      return identified(now: now, nextID: nextID())
    case .authenticating(id, let backOff, _):
      switch command {
      case .authenticated:
        state = .ready
        return .becomeReady
      case .notAuthenticated, .notHandled, .badRequest:
        return refused(words: words(), backOff, now: now, random: random())
      default:
        return .none
      }
    case .connecting, .securing, .identifying, .authenticating, .pausing, .closed:
      return .none
    }
  }

  /// Time has passed.
  package mutating func timePassed(now: NIODeadline, nextID: EventID) -> Action {
    switch state {
    case .securing(let until):
      guard now >= until else { return .none }
      return .fail(
        EventStoreError(
          .tlsFailed, "\(endpoint) did not answer the TLS handshake in time",
          hint: "is this a port with TLS? A port without it waits for ever"))
    case .identifying(_, let until):
      guard now >= until else { return .none }
      return .fail(
        EventStoreError(
          .timedOut, "\(endpoint) accepted the connection but did not answer in time",
          hint: "is this the TCP port (1113 by default), and does it want TLS?"))
    case .authenticating(_, _, let until):
      guard now >= until else { return .none }
      return .fail(EventStoreError(.timedOut, "\(endpoint) did not answer the login in time"))
    case .pausing(let backOff, let until):
      guard now >= until else { return .none }
      state = .authenticating(nextID, backOff, until: now + timeout)
      return .authenticate(nextID)
    case .connecting, .ready, .closed:
      return .none
    }
  }

  /// The connection has ended.
  /// - Parameter cause: why, where something is known.
  package mutating func closed(cause: EventStoreError?) -> End {
    let last = state
    state = .closed
    switch last {
    case .ready:
      return .lost(cause ?? EventStoreError(.connectionLost, "\(endpoint) closed the connection"))
    case .connecting, .securing, .identifying, .authenticating, .pausing:
      return .neverReady(
        cause
          ?? EventStoreError(
            .unreachable, "\(endpoint) closed the connection before it could be used",
            hint: "is this the TCP port (1113 by default), and does it \(isSecured ? "speak" : "want") TLS?"))
    case .closed:
      return .known
    }
  }

  private mutating func identify(now: NIODeadline, id: EventID) -> Action {
    state = .identifying(id, until: now + timeout)
    return .identify(id)
  }

  private mutating func identified(now: NIODeadline, nextID: EventID) -> Action {
    guard login != nil else {
      state = .ready
      return .becomeReady
    }
    state = .authenticating(nextID, BackOff(authentication), until: now + timeout)
    return .authenticate(nextID)
  }

  private mutating func refused(words: String, _ backOff: BackOff, now: NIODeadline, random: Double) -> Action {
    var backOff = backOff
    if let pause = backOff.attemptFailed(random: random) {
      state = .pausing(backOff, until: now + TimeAmount(pause))
      return .none
    }
    return .fail(
      EventStoreError(
        .notAuthenticated, "\(endpoint) refused the login of \(login ?? "nobody")",
        hint: "check login and password; a server that is starting refuses valid ones for a while", cause: words))
  }
}
