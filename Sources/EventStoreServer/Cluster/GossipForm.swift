/// How gossip is written: versions differ in the names of roles and addresses.
package enum GossipForm: Hashable, Sendable, CaseIterable {
  /// As EventStore 3 to 5: `Master`, `Slave`, external and internal addresses.
  case version4
  /// As EventStoreDB 20 and later: `Leader`, `Follower`, `httpEndPointIp`.
  case version20

  /// The word for a role.
  func name(of role: NodeRole) -> String {
    switch (self, role) {
    case (.version4, .leader): "Master"
    case (.version4, .follower): "Slave"
    case (.version4, .readOnlyReplica), (.version4, .unknown), (.version20, _): role.rawValue
    }
  }
}
