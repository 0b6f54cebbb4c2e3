import EventStoreCore
package import EventStoreWire

/// One client's connection, as EventStore 4.1.4 treats it: frames in, actions out, no I/O (docs/PROTOCOL.md).
///
/// Heartbeats are the connection's own business; a `HeartbeatRequest` that comes here all the same is answered. Live events are
/// read from the log by `liveFrames` whenever the log has grown and the client takes more: nothing is queued here.
package struct ServerSession {
  /// What the client said it speaks.
  enum ClientVersion {
    /// Nothing, or 0: numbers of tombstones have 31 bits.
    case legacy
    /// 1.
    case current
    /// Another one: the server understands no request any more.
    case unknown
  }

  /// Who asks, where a frame says nothing.
  private enum DefaultUser {
    case anonymous
    case user(Principal)
    /// The last `Authenticate` failed: every frame without credentials is refused.
    case refused
  }

  private let log: EventLog
  private let users: UserTable
  private let groups: PersistentSubscriptions
  private let connection: Int
  private let availability: @Sendable () -> NodeAvailability
  private let knowsFilters: Bool
  private var version = ClientVersion.legacy
  private var defaultUser = DefaultUser.anonymous
  private var subscriptions = SubscriptionSet()

  /// - Parameters:
  ///   - groups: the groups of all connections; nil for none but those that this one makes.
  ///   - address: where the client is, as operators are told.
  ///   - knowsFilters: whether requests with filters are understood, as by 20.6 and later.
  ///   - availability: what the node can do at the moment; asked for each request.
  package init(
    log: EventLog, users: UserTable, groups: PersistentSubscriptions? = nil, address: String = "",
    knowsFilters: Bool = false, availability: @escaping @Sendable () -> NodeAvailability = { .ready }
  ) {
    self.log = log
    self.groups = groups ?? PersistentSubscriptions(log: log)
    connection = self.groups.connectionOpened(from: address)
    self.users = users
    self.knowsFilters = knowsFilters
    self.availability = availability
  }

  /// Whether the log's growth may concern the client.
  package var hasSubscriptions: Bool { !subscriptions.isEmpty || groups.hasConsumers(connection) }

  /// Calls `wake` when a group has something for the client, on any thread; until then what there is has to be asked for.
  package func observe(wake: @escaping @Sendable () -> Void) {
    groups.observe(connection, wake: wake)
  }

  /// The connection has ended: what its consumers had goes to others.
  package mutating func closed() {
    groups.connectionClosed(connection)
  }

  /// The client sent a frame.
  package mutating func frameReceived(_ frame: Frame) -> [SessionAction] {
    switch frame.command {
    case .heartbeatRequest: return answer(HeartbeatResponse(), to: frame)
    case .heartbeatResponse, .badRequest: return []
    case .identifyClient: return clientIdentified(frame)
    case .authenticate: return authenticate(frame)
    default: return requestReceived(frame)
    }
  }

  /// The live events that the client has not had yet, and whether there may be more.
  ///
  /// Call it when the log has grown, and again while `hasMore` and the client takes more.
  /// - Parameter maximumCount: about how many frames to give at most.
  package mutating func liveFrames(maximumCount: Int) -> (frames: [Frame], hasMore: Bool) {
    let isLegacy = version == .legacy
    let adapt = { (event: ResolvedEvent) in isLegacy ? event.withLegacyNumbers : event }
    let live = subscriptions.liveFrames(of: log, maximumCount: maximumCount, adapt)
    let handedOut = groups.takeFrames(connection, maximumCount: max(1, maximumCount - live.frames.count), adapt)
    return (live.frames + handedOut.frames, live.hasMore || handedOut.hasMore)
  }

  private mutating func clientIdentified(_ frame: Frame) -> [SessionAction] {
    // What cannot be read is only logged by a real server.
    guard let client = try? IdentifyClient(frame) else { return [] }
    groups.connectionNamed(connection, client.connectionName ?? "")
    switch client.version {
    case 0: version = .legacy
    case 1: version = .current
    default: version = .unknown
    }
    return answer(ClientIdentified(), to: frame)
  }

  private mutating func authenticate(_ frame: Frame) -> [SessionAction] {
    guard let credentials = frame.credentials else {
      return answer(NotAuthenticated(text: "No user credentials provided."), to: frame)
    }
    guard let principal = principal(of: credentials) else {
      defaultUser = .refused
      return answer(NotAuthenticated(text: "Unauthorized"), to: frame)
    }
    defaultUser = .user(principal)
    return answer(Authenticated(), to: frame)
  }

  private mutating func requestReceived(_ frame: Frame) -> [SessionAction] {
    if frame.flags.contains(.trustedWrite) {
      let text = "Trusted writes aren't accepted over the external TCP interface"
      return answer(BadRequest(text: text), to: frame) + [.close]
    }
    let asker: Principal?
    if let credentials = frame.credentials {
      guard let principal = principal(of: credentials) else { return refuseUser(of: frame) }
      asker = principal
    } else {
      switch defaultUser {
      case .anonymous: asker = nil
      case .user(let principal): asker = principal
      case .refused: return refuseUser(of: frame)
      }
    }
    guard version != .unknown else {
      return answer(BadRequest(to: frame.command, error: "Index was outside the bounds of the array."), to: frame)
    }
    let request = SessionRequest(
      frame: frame, asker: asker, log: log, groups: groups, connection: connection, availability: availability(),
      isLegacy: version == .legacy, knowsFilters: knowsFilters)
    do throws(RequestFailure) {
      return try request.answer(&subscriptions)
    } catch {
      switch error {
      case .badRequest: return answer(BadRequest(to: frame.command), to: frame)
      case .notHandled(let reason): return answer(reason, to: frame)
      }
    }
  }

  private func principal(of credentials: Credentials) -> Principal? {
    // A node without a leader cannot read its users.
    availability() == .notReady ? nil : users.authenticate(credentials)
  }

  private func refuseUser(of frame: Frame) -> [SessionAction] {
    answer(NotAuthenticated(text: "Not Authenticated"), to: frame)
  }

  private func answer(_ message: some WireMessage, to frame: Frame) -> [SessionAction] {
    [.send(message.frame(correlationID: frame.correlationID))]
  }
}

extension BadRequest {
  /// What a server says when it does not understand a request.
  init(to command: Command, error: String = "") {
    self.init(text: "Could not unwrap network package for command \(command).\n\(error)")
  }
}
