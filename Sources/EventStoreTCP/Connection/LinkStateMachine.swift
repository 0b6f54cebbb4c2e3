package import EventStoreCore

/// Keeps a client connected: which node to try next, when, and when to give up.
///
/// A lost connection is tried again after a pause; a node that names the leader is followed, a bounded number of times in a
/// row, and then the resolver is asked. After giving up the link is idle, and the next request makes it try anew.
package struct LinkStateMachine: Sendable {
  /// What to do next.
  package enum Action: Hashable, Sendable {
    /// Nothing.
    case none
    /// Ask the resolver.
    case resolve(avoiding: Endpoint?)
    /// Open a connection.
    case connect(Endpoint)
    /// Wait, then say `pauseEnded`.
    case pause(Duration)
    /// Send nothing new on this connection; when nothing is in flight, close it and say `left`.
    case leave
    /// Fail everything that waits.
    case giveUp(EventStoreError)
  }

  private struct Search {
    var backOff: BackOff
    var failed: Endpoint?
    var redirects = 0
  }

  private enum State {
    case idle
    case resolving(Search)
    case connecting(Endpoint, Search)
    case pausing(Search)
    case connected(Endpoint, Search)
    case leaving(Endpoint, for: Endpoint?, Search)
    case closed
  }

  private var state = State.idle
  private var wasConnected = false
  private let firstConnection: RetryPolicy
  private let reconnection: RetryPolicy
  private let maximumRedirects: Int

  package init(configuration: TCPConfiguration) {
    firstConnection = configuration.firstConnection
    reconnection = configuration.reconnection
    maximumRedirects = configuration.maximumRedirects
  }

  /// Somebody waits for a connection.
  package mutating func needed() -> Action {
    switch state {
    case .idle:
      state = .resolving(newSearch())
      return .resolve(avoiding: nil)
    case .resolving, .connecting, .pausing, .connected, .leaving, .closed:
      return .none
    }
  }

  /// The resolver has chosen a node.
  package mutating func resolved(_ endpoint: Endpoint) -> Action {
    guard case .resolving(let search) = state else { return .none }
    state = .connecting(endpoint, search)
    return .connect(endpoint)
  }

  /// The resolver found no node, or the connection never became ready.
  package mutating func attemptFailed(_ error: EventStoreError, random: Double) -> Action {
    switch state {
    case .resolving(let search):
      return tryAgain(search, after: error, random: random)
    case .connecting(let endpoint, var search):
      search.failed = endpoint
      return tryAgain(search, after: error, random: random)
    case .idle, .pausing, .connected, .leaving, .closed:
      return .none
    }
  }

  /// The connection is ready.
  package mutating func connected() {
    guard case .connecting(let endpoint, let search) = state else { return }
    wasConnected = true
    state = .connected(endpoint, search)
  }

  /// A request was answered by a node that was entitled to: redirects and failures so far led somewhere.
  package mutating func answered() {
    guard case .connected(let endpoint, var search) = state, search.redirects + search.backOff.failures > 0 else {
      return
    }
    search.redirects = 0
    search.backOff.succeeded()
    state = .connected(endpoint, search)
  }

  /// The node says that another one is the leader.
  /// - Parameter leader: where that is; nil where the node does not know.
  package mutating func redirected(to leader: Endpoint?) -> Action {
    guard case .connected(let endpoint, let search) = state else { return .none }
    let isUsable = leader != endpoint && search.redirects < maximumRedirects
    state = .leaving(endpoint, for: isUsable ? leader : nil, search)
    return .leave
  }

  /// The connection that was to be left is closed.
  package mutating func left(random: Double) -> Action {
    guard case .leaving(let endpoint, let leader, var search) = state else { return .none }
    if let leader {
      search.redirects += 1
      state = .connecting(leader, search)
      return .connect(leader)
    }
    search.redirects = 0
    search.failed = endpoint
    state = .pausing(search)
    return .pause(search.backOff.pause(random: random))
  }

  /// The connection was lost; when it never answered a request, this is one more failure in a row.
  package mutating func lost(_ error: EventStoreError, random: Double) -> Action {
    switch state {
    case .leaving:
      return left(random: random)
    case .connected(let endpoint, let search):
      let next = Search(
        backOff: BackOff(reconnection, failures: search.backOff.failures), failed: endpoint, redirects: search.redirects
      )
      return tryAgain(next, after: error, random: random)
    case .idle, .resolving, .connecting, .pausing, .closed:
      return .none
    }
  }

  /// The pause is over.
  package mutating func pauseEnded() -> Action {
    guard case .pausing(let search) = state else { return .none }
    state = .resolving(search)
    return .resolve(avoiding: search.failed)
  }

  /// Nobody needs the connection any more.
  package mutating func closed() {
    state = .closed
  }

  /// Whether the link was closed for good.
  package var isClosed: Bool {
    if case .closed = state { true } else { false }
  }

  private func newSearch() -> Search {
    Search(backOff: BackOff(wasConnected ? reconnection : firstConnection))
  }

  private mutating func tryAgain(_ search: Search, after error: EventStoreError, random: Double) -> Action {
    var search = search
    guard !isPermanent(error), let pause = search.backOff.attemptFailed(random: random) else {
      state = .idle
      var error = error
      if search.backOff.failures > 1 { error.message += ", after \(search.backOff.failures) attempts" }
      return .giveUp(error)
    }
    state = .pausing(search)
    return .pause(pause)
  }

  /// A login is refused for good only before the first connection: later a cluster may be between two leaders.
  private func isPermanent(_ error: EventStoreError) -> Bool {
    switch error.code {
    case .tlsFailed, .invalidArgument, .invalidConnectionString, .clientClosed: true
    case .notAuthenticated: !wasConnected
    case .accessDenied, .streamNotFound, .streamDeleted, .eventNotFound, .wrongExpectedVersion, .invalidTransaction,
      .badRequest, .serverError, .notReady, .notLeader, .readOnly, .timedOut, .connectionLost, .unreachable,
      .discoveryFailed, .frameTooLarge, .eventTooLarge, .subscriptionDropped, .subscriptionExists,
      .subscriptionNotFound,
      .tooManyConsumers, .unreadableData, .protocolViolation:
      false
    }
  }
}
