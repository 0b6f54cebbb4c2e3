@testable import EventStoreClient
@testable import EventStoreCore
@testable import EventStoreTCP

/// What a node answers to a request for gossip: members of which one that is alive is chosen, or a `protocolViolation`.
enum GossipTarget: FuzzTarget {
  static let name = "gossip"

  static func seeds(_ samples: Samples) throws -> [[UInt8]] {
    samples.gossip + small.map { Array($0.utf8) }
  }

  static let words = ["Leader", "ReadOnlyReplica", "CatchingUp", "Clone", "isAlive", "externalSecureTcpPort", "65536"]

  /// Real answers are long, most changes to them change nothing that matters, and they do not have every state.
  private static let small = [
    #"{"members":[{"state":"Master","isAlive":true,"externalTcpIp":"a","externalTcpPort":1,"httpEndPointIp":"b"}]}"#,
    document("Leader", "ReadOnlyReplica"), document("Follower", "CatchingUp"), document("Slave", "Clone", "Unknown"),
  ]

  /// Living members in these states.
  private static func document(_ states: String...) -> String {
    let members = states.enumerated().map { place, state in
      #"{"state":"\#(state)","isAlive":true,"externalTcpIp":"a","externalTcpPort":\#(place + 1)}"#
    }
    return #"{"members":[\#(members.joined(separator: ","))]}"#
  }

  static func run(_ input: [UInt8]) {
    let members: [GossipMember]
    do {
      members = try GossipDocument.members(in: input)
    } catch {
      return claim(error.code == .protocolViolation, "gossip fails with \(error)")
    }
    for endpoint in members.flatMap({ [$0.tcp, $0.secureTCP, $0.http] }).compactMap(\.self) {
      claim((1...65535).contains(endpoint.port) && !endpoint.host.isEmpty, "\(endpoint) is no endpoint")
    }
    GossipModel(input)?.check(members)
    for preference in NodePreference.allCases {
      for usesTLS in [false, true] {
        check(NodeSelector(preference: preference, usesTLS: usesTLS), members)
      }
    }
  }

  private static func check(_ selector: NodeSelector, _ members: [GossipMember]) {
    var random = SystemRandomNumberGenerator()
    let fitting = members.filter { isFit($0, for: selector) }
    guard let chosen = selector.select(members, avoiding: nil, using: &random) else {
      claim(fitting.isEmpty, "no member is chosen, and one would fit")
      return claim(!selector.refusal(of: members).isEmpty, "no member is chosen, and nobody says why")
    }
    let candidates = fitting.filter { endpoint(of: $0, for: selector) == chosen }
    claim(!candidates.isEmpty, "a node is chosen that is not alive, or cannot serve")
    for role in best(for: selector.preference) where fitting.contains(where: { $0.role == role }) {
      claim(candidates.contains { $0.role == role }, "a \(role) is there, and another node is chosen")
      break
    }
    // Where it is the only one it is chosen again.
    let next = selector.select(members, avoiding: chosen, using: &random)
    claim(next != nil, "the only node is never tried again")
    claim(next != chosen || candidates.count == fitting.count, "a node that failed is tried again before another")
  }

  /// The roles that come before all others, in order.
  private static func best(for preference: NodePreference) -> [GossipMember.Role] {
    switch preference {
    case .leader: [.leader, .follower]
    case .follower: [.follower, .leader]
    case .readOnlyReplica: [.readOnlyReplica, .follower]
    case .random: []
    }
  }

  private static func isFit(_ member: GossipMember, for selector: NodeSelector) -> Bool {
    if case .unavailable = member.role { return false }
    return member.isAlive && endpoint(of: member, for: selector) != nil
  }

  private static func endpoint(of member: GossipMember, for selector: NodeSelector) -> Endpoint? {
    selector.usesTLS ? member.secureTCP : member.tcp
  }
}
