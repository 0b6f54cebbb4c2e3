import EventStoreTCP

/// A node of a cluster, as another node describes it over HTTP.
struct GossipMember: Hashable, Sendable {
  /// What a node is doing, of which clients need to know only this much.
  enum Role: Hashable, Sendable {
    case leader
    case follower
    case readOnlyReplica
    /// It has events, and is catching up with the leader.
    case catchingUp
    /// It cannot serve clients; the state in the server's word.
    case unavailable(String)
  }

  /// What the node is doing.
  var role: Role
  /// Whether the describing node hears from it; a dead node keeps its last role.
  var isAlive: Bool
  /// Where it takes TCP connections; nil where it takes none.
  var tcp: Endpoint?
  /// Where it takes TCP connections with TLS; nil where it takes none.
  var secureTCP: Endpoint?
  /// Where it answers HTTP.
  var http: Endpoint?
}

extension GossipMember.Role {
  /// The role that a state means; names of 3 to 5 and of 20 and later.
  init(state: String) {
    switch state.lowercased() {
    case "leader", "master": self = .leader
    case "follower", "slave": self = .follower
    case "readonlyreplica": self = .readOnlyReplica
    case "clone", "catchingup": self = .catchingUp
    default: self = .unavailable(state)
    }
  }

  /// A word for people.
  var name: String {
    switch self {
    case .leader: "leader"
    case .follower: "follower"
    case .readOnlyReplica: "read-only replica"
    case .catchingUp: "catching up"
    case .unavailable(let state): state
    }
  }
}
