import EventStoreCore
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
    "Row 31: the living node of the preferred role is chosen",
    arguments: [(NodePreference.leader, 3), (.follower, 2), (.readOnlyReplica, 4)])
  func preferred(preference: NodePreference, port: Int) {
    #expect(choice(preference, cluster) == node(port))
  }

  @Test("Row 31: another role serves where the preferred one is not there")
  func secondBest() {
    #expect(choice(.leader, [member(1, .leader, isAlive: false), member(2, .follower)]) == node(2))
    #expect(choice(.follower, [member(1, .leader)]) == node(1))
    #expect(choice(.readOnlyReplica, [member(1, .leader), member(2, .follower)]) == node(2))
  }

  @Test("Row 31: at random every serving node is chosen, and no other")
  func random() {
    let chosen = Set((0..<200).compactMap { choice(.random, cluster, seed: $0 &* 0x1234_5678_9ABC_DEF1)?.port })
    #expect(chosen == [2, 3, 4])
  }

  @Test("The node that failed is chosen only when there is no other")
  func avoided() {
    #expect(choice(.leader, cluster, avoiding: node(3)) == node(2))
    #expect(choice(.leader, [member(3, .leader)], avoiding: node(3)) == node(3))
  }

  @Test("Row 31: a closure chooses among the nodes that are alive and ready, and is asked for the failed one last")
  func closure() {
    var random = FixedRandom(state: 0)
    let offered = Locked<[[Int]]>([])
    func choice(_ port: Int?, avoiding failed: Endpoint? = nil) -> Endpoint? {
      let selector = NodeSelector(preference: .leader, usesTLS: false) { nodes in
        offered.withLock { $0.append(nodes.map(\.port)) }
        return nodes.first { $0.port == port }
      }
      return selector.select(cluster, avoiding: failed, using: &random)
    }
    #expect(choice(5) == node(5))
    #expect(choice(nil) == nil)
    #expect(choice(4, avoiding: node(4)) == node(4))
    #expect(choice(2, avoiding: node(4)) == node(2))
    #expect(
      offered.withLock { $0 } == [[2, 3, 4, 5], [2, 3, 4, 5], [2, 3, 5], [2, 3, 4, 5], [2, 3, 5]])
    let nobody = NodeSelector(preference: .leader, usesTLS: false) { _ in nil }
    #expect(nobody.refusal(of: cluster) == "none of the nodes that are ready was chosen")
  }

  @Test(
    "Row 31: dead nodes, nodes that cannot serve, and nodes without the wanted port are never chosen, and it is said why"
  )
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
