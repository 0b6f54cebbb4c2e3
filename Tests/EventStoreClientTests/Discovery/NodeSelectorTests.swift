import EventStoreTCP
import Testing

@testable import EventStoreClient

@Suite("The choice of a node")
struct NodeSelectorTests {
  private let cluster = [
    member(1, .leader, isAlive: false), member(2, .follower), member(3, .leader), member(4, .readOnlyReplica),
    member(5, .catchingUp), member(6, .unavailable("Manager")),
  ]

  private func choice(
    _ preference: NodePreference, _ members: [GossipMember], avoiding failed: Endpoint? = nil, usesTLS: Bool = false,
    seed: UInt64 = 0
  ) -> Endpoint? {
    var random = FixedRandom(state: seed)
    return NodeSelector(preference: preference, usesTLS: usesTLS).select(members, avoiding: failed, using: &random)
  }

  @Test(
    "The living node of the preferred role is chosen",
    arguments: [(NodePreference.leader, 3), (.follower, 2), (.readOnlyReplica, 4)])
  func preferred(preference: NodePreference, port: Int) {
    #expect(choice(preference, cluster) == node(port))
  }

  @Test("Another role serves where the preferred one is not there")
  func secondBest() {
    #expect(choice(.leader, [member(1, .leader, isAlive: false), member(2, .follower)]) == node(2))
    #expect(choice(.follower, [member(1, .leader)]) == node(1))
    #expect(choice(.readOnlyReplica, [member(1, .leader), member(2, .follower)]) == node(2))
  }

  @Test("At random every serving node is chosen, and no other")
  func random() {
    let chosen = Set((0..<200).compactMap { choice(.random, cluster, seed: $0 &* 0x1234_5678_9ABC_DEF1)?.port })
    #expect(chosen == [2, 3, 4])
  }

  @Test("The node that failed is chosen only when there is no other")
  func avoided() {
    #expect(choice(.leader, cluster, avoiding: node(3)) == node(2))
    #expect(choice(.leader, [member(3, .leader)], avoiding: node(3)) == node(3))
  }

  @Test("Dead nodes, nodes that cannot serve, and nodes without the wanted port are never chosen, and it is said why")
  func none() {
    let selector = NodeSelector(preference: .random, usesTLS: false)
    let cases: [([GossipMember], String)] = [
      ([], "the cluster has no members"),
      ([member(1, .leader, isAlive: false)], "no node is alive"),
      ([member(1, .unavailable("Unknown"))], "no node is ready: Unknown"),
      ([member(1, .leader, secure: true)], "no node takes TCP connections without TLS"),
    ]
    for (members, refusal) in cases {
      #expect(choice(.random, members) == nil)
      #expect(selector.refusal(of: members) == refusal)
    }
    #expect(choice(.random, [member(1, .leader)], usesTLS: true) == nil)
    #expect(choice(.random, [member(1, .leader, secure: true)], usesTLS: true) == node(1))
  }
}
