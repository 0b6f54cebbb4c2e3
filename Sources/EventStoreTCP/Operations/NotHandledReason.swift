/// Why a node did not look at a request at all.
package enum NotHandledReason: Hashable, Sendable {
  /// It is starting, or has no quorum.
  case notReady
  /// It has too much to do.
  case tooBusy
  /// It is not the leader; where that is, if the node knows.
  case notLeader(Endpoint?)
  /// It is a read-only replica.
  case readOnly
}
