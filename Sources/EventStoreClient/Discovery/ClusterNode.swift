/// A node of a cluster that a client could connect to: alive, and ready for clients.
public struct ClusterNode: Hashable, Sendable {
  /// What a node does in its cluster.
  public enum Role: Hashable, Sendable {
    /// It takes the writes, and has the newest events.
    case leader
    /// It follows the leader.
    case follower
    /// It follows the leader, and takes no writes.
    case readOnlyReplica
    /// It has events, and is catching up with the leader.
    case catchingUp
  }

  /// What it does.
  public let role: Role
  /// Its name or address, for TCP.
  public let host: String
  /// Its TCP port.
  public let port: Int

  init(role: Role, host: String, port: Int) {
    self.role = role
    self.host = host
    self.port = port
  }
}

/// Chooses the node to connect to; nil when none will do, and then the cluster is asked again.
///
/// Dead nodes and those that are not ready are left out. The node that was just lost is there only when no other will do.
public typealias NodeChoice = @Sendable (_ nodes: [ClusterNode]) -> ClusterNode?
