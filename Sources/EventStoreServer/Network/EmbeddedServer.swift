package import EventStoreWire
import NIOCore
import NIOPosix
import NIOSSL

/// A node: the TCP protocol and HTTP gossip over a log in memory.
package final class EmbeddedServer: Sendable {
  /// The log that is served, to look into and to fill.
  package let log: EventLog
  /// The TCP port that is listened on.
  package let tcpPort: Int
  /// The HTTP port that is listened on.
  package let httpPort: Int

  private let tcpListener: Listener
  private let httpListener: Listener
  private let tcpConnections: ConnectionRegistry
  private let httpConnections: ConnectionRegistry
  private let faults: FaultInjector
  private let availability: SharedAvailability
  private let identity: NodeIdentity
  /// Lets time pass for the groups of persistent subscriptions.
  private let ticker: RepeatedTask

  /// Starts a server; when this returns, both ports take connections.
  ///
  /// - Parameter log: The log of another server, to be a second node of its cluster that is never behind; nil makes an empty
  ///   one.
  /// - Throws: `ServerError` with any of its codes; then nothing is left running.
  package static func start(
    _ configuration: ServerConfiguration, sharing log: EventLog? = nil
  ) async throws(ServerError) -> EmbeddedServer {
    let log = log ?? EventLog(users: configuration.users, clock: configuration.clock)
    return try await start(configuration, log: log, groups: PersistentSubscriptions(log: log)) {
      ClusterStatus(alone: $0)
    }
  }

  /// Starts a node of a cluster, which shares log and groups with the others.
  /// - Parameter cluster: what the node tells over HTTP, given its own part of it.
  static func start(
    _ configuration: ServerConfiguration, log: EventLog, groups: PersistentSubscriptions,
    cluster: @escaping @Sendable (NodeStatus) -> ClusterStatus
  ) async throws(ServerError) -> EmbeddedServer {
    try configuration.validate()
    let tls = try configuration.tls?.makeContext()
    return try await EmbeddedServer(configuration, log: log, groups: groups, tls: tls, cluster: cluster)
  }

  private init(
    _ configuration: ServerConfiguration, log: EventLog, groups: PersistentSubscriptions, tls: NIOSSLContext?,
    cluster: @escaping @Sendable (NodeStatus) -> ClusterStatus
  ) async throws(ServerError) {
    let group = MultiThreadedEventLoopGroup.singleton
    let (tcpConnections, httpConnections) = (ConnectionRegistry(), ConnectionRegistry())
    let availability = SharedAvailability()
    let faults = FaultInjector(availability)
    let service = SessionHandler.Service(
      configuration, log: log, groups: groups, faults: faults, availability: { availability.value })
    let tcpListener = try await Listener(host: configuration.host, port: configuration.tcpPort, group: group) {
      channel in
      guard !faults.connectionOpened() else { return channel.close(promise: nil) }
      tcpConnections.add(channel)
      try SessionService.configure(channel, service: service, tls: tls)
    }
    let subscriptions = SubscriptionsResponder(groups: groups, users: service.users)
    let identity = NodeIdentity(configuration, tcpPort: tcpListener.port)
    do {
      httpListener = try await Listener(host: configuration.host, port: configuration.httpPort, group: group) {
        channel in
        httpConnections.add(channel)
        let port = channel.localAddress?.port ?? 0
        try HTTPService.configure(channel, subscriptions: subscriptions) {
          guard !faults.httpRequestReceived() else { return nil }
          return cluster(identity.status(httpPort: port, log: log, connectionCount: tcpConnections.count))
        }
      }
    } catch {
      await tcpListener.close()
      throw error
    }
    let pace = TimeAmount(configuration.groupInterval)
    ticker = group.next().scheduleRepeatedTask(initialDelay: pace, delay: pace) { _ in groups.timePassed() }
    self.log = log
    self.tcpListener = tcpListener
    self.tcpConnections = tcpConnections
    self.httpConnections = httpConnections
    self.faults = faults
    self.availability = availability
    self.identity = identity
    tcpPort = tcpListener.port
    httpPort = httpListener.port
  }

  /// The node as it is now, as far as it knows itself.
  var status: NodeStatus {
    identity.status(httpPort: httpPort, log: log, connectionCount: tcpConnections.count)
  }

  /// Where clients find the node, as others tell them when it leads.
  package var leaderInfo: LeaderInfo { identity.leaderInfo(httpPort: httpPort) }

  /// How many TCP connections are open.
  package var connectionCount: Int { tcpConnections.count }

  /// Closes every TCP connection, as a failing network would, and says how many there were; new ones are taken.
  @discardableResult
  package func cutConnections() async -> Int {
    await tcpConnections.cutAll()
  }

  /// What the node says that it can do, to every request from now on; gossip does not change.
  package func setAvailability(_ availability: NodeAvailability) {
    self.availability.value = availability
  }

  /// Makes something go wrong from now on, as often as the fault says.
  package func plan(_ fault: Fault) {
    faults.plan(fault)
  }

  /// How often a planned fault has happened, all together.
  package var faultHits: Int { faults.hits }

  /// Whether a planned fault has not happened as often as planned.
  package var hasPendingFaults: Bool { faults.isPending }

  /// Listens no more, closes every connection, and returns when all are closed; a second call is harmless.
  package func shutdown() async {
    ticker.cancel()
    await tcpListener.close()
    await httpListener.close()
    await tcpConnections.close()
    await httpConnections.close()
  }
}

extension SessionHandler.Service {
  fileprivate init(
    _ configuration: ServerConfiguration, log: EventLog, groups: PersistentSubscriptions, faults: FaultInjector,
    availability: @escaping @Sendable () -> NodeAvailability
  ) {
    self.init(
      log: log, users: UserTable(configuration.users), groups: groups, faults: faults,
      knowsFilters: configuration.knowsFilters, availability: availability,
      heartbeatInterval: configuration.heartbeatInterval, heartbeatTimeOut: configuration.heartbeatTimeOut,
      maximumFrameBytes: configuration.maximumFrameBytes, logger: configuration.logger)
  }
}
