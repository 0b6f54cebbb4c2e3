import EventStoreTCP

/// Chooses the node to connect to among the members of a cluster.
struct NodeSelector: Sendable {
  /// Which node is preferred.
  let preference: NodePreference
  /// Whether the TCP port with TLS is wanted.
  let usesTLS: Bool
  /// Chooses in place of the preference.
  var choice: NodeChoice?

  /// The best node; nil when no living one serves clients over TCP as wanted.
  ///
  /// Only where no other node fits is it the one that just failed, or one of a role that was not preferred.
  /// - Parameter random: chooses among equals.
  func select(
    _ members: [GossipMember], avoiding failed: Endpoint?, using random: inout some RandomNumberGenerator
  ) -> Endpoint? {
    if let choice { return select(members, avoiding: failed, by: choice) }
    let candidates = members.compactMap { candidate($0, avoiding: failed) }
    guard let best = candidates.map(\.rank).min() else { return nil }
    return candidates.filter { $0.rank == best }.randomElement(using: &random)?.endpoint
  }

  /// Why no member fits, for people.
  func refusal(of members: [GossipMember]) -> String {
    if members.isEmpty { return "the cluster has no members" }
    let living = members.filter(\.isAlive)
    if living.isEmpty { return "no node is alive" }
    let serving = living.filter { rank(of: $0.role) != nil }
    if serving.isEmpty { return "no node is ready: \(living.map(\.role.name).joined(separator: ", "))" }
    if choice != nil, members.contains(where: { node($0) != nil }) {
      return "none of the nodes that are ready was chosen"
    }
    return usesTLS ? "no node takes TCP connections with TLS" : "no node takes TCP connections without TLS"
  }

  private func select(_ members: [GossipMember], avoiding failed: Endpoint?, by choice: NodeChoice) -> Endpoint? {
    let nodes = members.compactMap(node)
    let others = nodes.filter { Endpoint(host: $0.host, port: $0.port) != failed }
    let chosen = others.isEmpty ? nil : choice(others)
    guard let node = chosen ?? (others.count < nodes.count ? choice(nodes) : nil) else { return nil }
    return Endpoint(host: node.host, port: node.port)
  }

  /// The member as who chooses sees it; nil when it cannot be chosen.
  private func node(_ member: GossipMember) -> ClusterNode? {
    guard member.isAlive, let endpoint = usesTLS ? member.secureTCP : member.tcp else { return nil }
    let role: ClusterNode.Role
    switch member.role {
    case .leader: role = .leader
    case .follower: role = .follower
    case .readOnlyReplica: role = .readOnlyReplica
    case .catchingUp: role = .catchingUp
    case .unavailable: return nil
    }
    return ClusterNode(role: role, host: endpoint.host, port: endpoint.port)
  }

  private struct Candidate {
    let endpoint: Endpoint
    let rank: Int
  }

  private func candidate(_ member: GossipMember, avoiding failed: Endpoint?) -> Candidate? {
    guard member.isAlive, let rank = rank(of: member.role), let endpoint = usesTLS ? member.secureTCP : member.tcp
    else { return nil }
    return Candidate(endpoint: endpoint, rank: endpoint == failed ? rank + 100 : rank)
  }

  /// Smaller is better; nil for a node that cannot serve.
  private func rank(of role: GossipMember.Role) -> Int? {
    let order: [GossipMember.Role]
    switch preference {
    case .leader: order = [.leader, .follower, .catchingUp, .readOnlyReplica]
    case .follower: order = [.follower, .leader, .catchingUp, .readOnlyReplica]
    case .readOnlyReplica: order = [.readOnlyReplica, .follower, .leader, .catchingUp]
    case .random:
      switch role {
      case .leader, .follower, .readOnlyReplica: return 0
      case .catchingUp: return 1
      case .unavailable: return nil
      }
    }
    return order.firstIndex(of: role)
  }
}
