/// What a node of a cluster is at the moment.
package enum NodeRole: String, Hashable, Sendable, CaseIterable {
  /// It takes the writes.
  case leader = "Leader"
  /// It follows the leader, and can become it.
  case follower = "Follower"
  /// It follows the leader, and never becomes it.
  case readOnlyReplica = "ReadOnlyReplica"
  /// An election is under way: it serves nobody.
  case unknown = "Unknown"
}
