import EventStoreCore
import EventStoreWire

/// Several nodes in one process that share one log: no follower is ever behind.
///
/// The first node that is no read-only replica leads. Nothing happens by itself: a cluster whose leader was stopped has none
/// until `moveLeader(to:)`, as in the seconds before an election ends, and the others go on naming the dead one. Groups of
/// persistent subscriptions are the cluster's: under a new leader they go on after their checkpoints.
package final class EmbeddedCluster: Sendable {
  /// The log that all nodes share, to look into and to fill.
  package let log: EventLog

  private struct State {
    var roles: ClusterRoles
    var nodes: [EmbeddedServer] = []
    /// What the stopped ones said last.
    var last: [Int: NodeStatus] = [:]
  }

  private let configuration: ClusterConfiguration
  private let groups: PersistentSubscriptions
  private let state: Locked<State>

  private init(_ configuration: ClusterConfiguration) {
    self.configuration = configuration
    log = EventLog(users: configuration.node.users, clock: configuration.node.clock)
    groups = PersistentSubscriptions(log: log)
    state = Locked(State(roles: ClusterRoles(count: configuration.count, replicas: configuration.readOnlyReplicas)))
  }

  /// Starts all nodes; when this returns, their ports take connections.
  /// - Throws: `ServerError`; then nothing is left running.
  package static func start(
    _ configuration: ClusterConfiguration = ClusterConfiguration()
  ) async throws(ServerError) -> EmbeddedCluster {
    try configuration.validate()
    let cluster = EmbeddedCluster(configuration)
    do {
      for node in 0..<configuration.count {
        let server = try await cluster.server(node, configuration.configuration(of: node))
        cluster.state.withLock { $0.nodes.append(server) }
      }
    } catch {
      await cluster.shutdown()
      throw error
    }
    cluster.tellNodes()
    return cluster
  }

  /// How many nodes there are.
  package var count: Int { configuration.count }

  /// A node, running or stopped: its ports stay the same.
  package func node(_ node: Int) -> EmbeddedServer {
    state.withLock { $0.nodes[node] }
  }

  /// The node that leads, dead or alive; nil during an election.
  package var leader: Int? { state.withLock { $0.roles.leader } }

  /// The hosts and HTTP ports of all nodes, as a connection string with `discover` wants them.
  package var seeds: String {
    let host = configuration.node.advertisedHost
    let address = host.contains(":") ? "[\(host)]" : host
    return state.withLock { $0.nodes.map { "\(address):\($0.httpPort)" }.joined(separator: ",") }
  }

  /// Makes a running node the leader, at once; the consumers of persistent subscriptions are dropped, and go to the new one.
  package func moveLeader(to node: Int) {
    state.withLock { $0.roles.moveLeader(to: node) }
    tellNodes()
    groups.leaderChanged()
  }

  /// Begins an election: no node serves writes, or is named as a leader, until `moveLeader(to:)`.
  package func startElection() {
    state.withLock { $0.roles.electionStarted() }
    tellNodes()
    groups.leaderChanged()
  }

  /// Stops a node, as a crash would; a second call is harmless.
  package func stop(_ node: Int) async {
    let server = state.withLock { state in
      if state.roles.isAlive[node] { state.last[node] = state.nodes[node].status }
      state.roles.stopped(node)
      return state.nodes[node]
    }
    await server.shutdown()
  }

  /// Starts a stopped node again, at the same ports.
  /// - Throws: `ServerError` when another program has taken a port in the meantime.
  package func restart(_ node: Int) async throws(ServerError) {
    let former = self.node(node)
    await former.shutdown()
    var configuration = configuration.configuration(of: node)
    (configuration.tcpPort, configuration.httpPort) = (former.tcpPort, former.httpPort)
    let server = try await server(node, configuration)
    state.withLock { state in
      state.nodes[node] = server
      state.last[node] = nil
      state.roles.started(node)
    }
    tellNodes()
  }

  /// Stops every node; a second call is harmless.
  package func shutdown() async {
    for server in state.withLock({ $0.nodes }) { await server.shutdown() }
  }

  private func server(_ node: Int, _ configuration: ServerConfiguration) async throws(ServerError) -> EmbeddedServer {
    try await EmbeddedServer.start(configuration, log: log, groups: groups) { [weak self] status in
      self?.status(of: node, status) ?? ClusterStatus(alone: status)
    }
  }

  /// Tells every running node what it can do now.
  private func tellNodes() {
    state.withLock { state in
      let leader = state.roles.leader.map { state.nodes[$0].leaderInfo }
      for (node, server) in state.nodes.enumerated() {
        server.setAvailability(state.roles.availability(of: node, leader: leader))
      }
    }
  }

  /// What a node tells over HTTP.
  private func status(of node: Int, _ own: NodeStatus) -> ClusterStatus {
    state.withLock { state in
      let members = state.nodes.enumerated().map { index, server in
        var status = state.last[index] ?? server.status
        status.role = state.roles.roles[index]
        status.isAlive = state.roles.isAlive[index]
        return status
      }
      return ClusterStatus(node: own, members: members, form: configuration.gossip)
    }
  }
}
