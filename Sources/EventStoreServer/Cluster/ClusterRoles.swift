import EventStoreWire

/// Who is what in a cluster, who lives, and what each node can do; without I/O.
struct ClusterRoles: Equatable, Sendable {
  /// The nodes' roles; a dead node keeps its last one.
  private(set) var roles: [NodeRole]
  /// Which nodes are running.
  private(set) var isAlive: [Bool]

  /// All alive; the first that is no replica leads.
  /// - Parameter replicas: the nodes that never lead.
  init(count: Int, replicas: Set<Int>) {
    precondition((0..<count).contains { !replicas.contains($0) }, "a cluster needs a node that can lead")
    roles = (0..<count).map { replicas.contains($0) ? .readOnlyReplica : .follower }
    isAlive = Array(repeating: true, count: count)
    moveLeader(to: roles.firstIndex(of: .follower) ?? 0)
  }

  /// The node that leads, dead or alive; nil during an election.
  var leader: Int? { roles.firstIndex(of: .leader) }

  /// An election ended.
  mutating func moveLeader(to node: Int) {
    precondition(isAlive[node] && roles[node] != .readOnlyReplica, "node \(node) cannot lead")
    for index in roles.indices where roles[index] != .readOnlyReplica { roles[index] = .follower }
    roles[node] = .leader
  }

  /// An election began: nobody leads, and nobody follows.
  mutating func electionStarted() {
    for index in roles.indices where isAlive[index] && roles[index] != .readOnlyReplica { roles[index] = .unknown }
    if let leader { roles[leader] = .unknown }
  }

  /// A node is gone. The others have not noticed yet that they need another leader, if it was the one.
  mutating func stopped(_ node: Int) {
    isAlive[node] = false
  }

  /// A node is back, with the role that it has by now.
  mutating func started(_ node: Int) {
    isAlive[node] = true
  }

  /// What a node can do.
  /// - Parameter leaderInfo: where the leader is.
  func availability(of node: Int, leader leaderInfo: LeaderInfo?) -> NodeAvailability {
    switch roles[node] {
    case .leader: .ready
    case .follower: leaderInfo.map { .follower(of: $0) } ?? .notReady
    case .readOnlyReplica: .readOnly
    case .unknown: .notReady
    }
  }
}
