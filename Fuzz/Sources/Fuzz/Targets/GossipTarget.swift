@testable import EventStoreClient
@testable import EventStoreCore
@testable import EventStoreTCP

/// What a node answers to a request for gossip: members of which one that is alive is chosen, or a `protocolViolation`.
enum GossipTarget: FuzzTarget {
  static let name = "gossip"

  static func seeds(_ samples: Samples) throws -> [[UInt8]] {
    samples.gossip + [Array(small.utf8)]
  }

  /// Real answers are long, and most changes to them change nothing that matters.
  private static let small =
    #"{"members":[{"state":"Master","isAlive":true,"externalTcpIp":"a","externalTcpPort":1,"httpEndPointIp":"b"}]}"#

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
    for preference in NodePreference.allCases {
      for usesTLS in [false, true] {
        check(NodeSelector(preference: preference, usesTLS: usesTLS), members)
      }
    }
  }

  private static func check(_ selector: NodeSelector, _ members: [GossipMember]) {
    var random = SystemRandomNumberGenerator()
    guard let chosen = selector.select(members, avoiding: nil, using: &random) else {
      return claim(!selector.refusal(of: members).isEmpty, "no member is chosen, and nobody says why")
    }
    let living = members.filter(\.isAlive).compactMap { selector.usesTLS ? $0.secureTCP : $0.tcp }
    claim(living.contains(chosen), "a node is chosen that is not alive")
    // Where it is the only one it is chosen again.
    claim(selector.select(members, avoiding: chosen, using: &random) != nil, "the only node is never tried again")
  }
}
