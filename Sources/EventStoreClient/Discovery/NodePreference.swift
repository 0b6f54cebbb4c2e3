/// Which node of a cluster to connect to.
package enum NodePreference: Hashable, Sendable, CaseIterable {
  /// The leader: the only one that need not forward writes, and the one with the newest events.
  case leader
  /// A follower, to spare the leader.
  case follower
  /// Any node.
  case random
  /// A read-only replica (20.6 and later).
  case readOnlyReplica
}
