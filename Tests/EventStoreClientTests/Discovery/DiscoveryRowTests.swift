import EventStoreClient
import EventStoreCore
import EventStoreServer
import EventStoreWire
import TestSupport
import Testing

/// Rows 21, 30 and 31: which node a client of a cluster talks to.
@Suite("Clients of a cluster", .timeLimit(.minutes(5)))
struct DiscoveryRowTests {
  private func event() -> ProposedEvent { ProposedEvent(type: "t", isJSON: false, data: "x") }

  @Test(
    "Row 31: the leader is found, or the role that is preferred, by the old names and by the new ones",
    arguments: [GossipForm.version4, .version20])
  func preferences(form: GossipForm) async throws {
    try await withCluster {
      $0.gossip = form
      $0.readOnlyReplicas = [2]
    } _: { cluster in
      for (preference, node) in [("", 0), ("nodePreference=follower", 1), ("nodePreference=readOnlyReplica", 2)] {
        try await withEventStoreClient(cluster.url(preference)) { client in
          try await client.ping()
          #expect(cluster.connected == [node], "\(preference)")
        }
        #expect(await eventually { cluster.connected.isEmpty })
      }
      // Whichever it is: it serves.
      try await withEventStoreClient(cluster.url("nodePreference=random")) { try await $0.ping() }
    }
  }

  @Test("Row 31: a closure is shown the nodes that are alive and ready, and the client goes where it says")
  func closure() async throws {
    try await withCluster {
      $0.count = 4
    } _: { cluster in
      await cluster.stop(3)
      let shown = Locked<[ClusterNode]>([])
      let choice: NodeChoice = { nodes in
        shown.withLock { $0 = nodes }
        return nodes.last { $0.role == .follower }
      }
      try await withEventStoreClient(cluster.url(), choosingNode: choice) { client in
        try await client.ping()
        #expect(cluster.connected == [2])
        _ = try await client.getAll()
        #expect(cluster.connected == [2])
      }
      let ports = (0..<3).map { cluster.node($0).tcpPort }
      #expect(shown.withLock { $0.map(\.port) } == ports)
      #expect(shown.withLock { $0.map(\.role) } == [.leader, .follower, .follower])
    }
  }

  @Test("Row 31: where one node is named there is none to choose, and a closure that would is an error")
  func nothingToChoose() async throws {
    for url in ["tcp://127.0.0.1:1", "ConnectTo=tcp://127.0.0.1:1"] {
      let error = await thrown { try await EventStoreClient.connect(url, choosingNode: { $0.first }) }
      #expect(error?.code == .invalidArgument && error?.message.contains("127.0.0.1:1") == true)
    }
  }

  @Test("Row 31: while no node is eligible the cluster is asked again, and the leader is found when there is one")
  func retried() async throws {
    try await withCluster { cluster in
      cluster.startElection()
      // Whichever is asked last in the first round is asked again in the second.
      for node in 0..<3 { cluster.node(node).plan(Fault(.ignoreHTTP, skipping: 1)) }
      let url = cluster.url("maxDiscoverAttempts=100000&discoveryInterval=1&gossipTimeout=100")
      async let client = EventStoreClient.connect(url)
      #expect(await eventually { (0..<3).allSatisfy { cluster.node($0).faultHits == 1 } })
      cluster.moveLeader(to: 1)
      try await client.ping()
      #expect(cluster.connected == [1])
      try await client.close()
    }
  }

  @Test("Row 31: when no node becomes eligible a typed error says what they are")
  func nobody() async throws {
    try await withCluster { cluster in
      cluster.startElection()
      let error = await thrown {
        try await EventStoreClient.connect(cluster.url("maxDiscoverAttempts=3&discoveryInterval=1"))
      }
      #expect(error?.code == .discoveryFailed && error?.isTransient == true)
      #expect(error?.message.contains("in 3 attempts") == true)
      #expect(error?.cause == "no node is ready: Unknown, Unknown, Unknown")
      let nobody = await thrown {
        try await EventStoreClient.connect(
          cluster.url("maxDiscoverAttempts=2&discoveryInterval=1"), choosingNode: { _ in nil })
      }
      #expect(nobody?.code == .discoveryFailed)
    }
  }

  @Test(
    "Row 30: any node's gossip leads to the leader, by address and by DNS name", arguments: ["127.0.0.1", "localhost"])
  func anySeed(host: String) async throws {
    try await withCluster { cluster in
      for node in 0..<3 {
        let url = "discover://admin:changeit@\(host):\(cluster.node(node).httpPort)?connectTimeout=60s"
        try await withEventStoreClient(url) { client in
          try await client.publish(to: "s", [event()], expectedVersion: .any)
          #expect(cluster.connected == [0])
        }
        #expect(await eventually { cluster.connected.isEmpty })
      }
    }
  }

  @Test("Row 30: dead seeds are passed over for the next")
  func deadSeeds() async throws {
    try await withCluster {
      $0.count = 5
    } _: { cluster in
      for node in [1, 2, 3, 4] { await cluster.stop(node) }
      // In whatever order they are asked: all are asked until the living one is.
      try await withEventStoreClient(cluster.url("maxDiscoverAttempts=1")) { client in
        try await client.ping()
        #expect(cluster.connected == [0])
      }
    }
  }

  @Test("Row 30: a seed whose gossip never answers costs only its time-out")
  func silentSeeds() async throws {
    try await withCluster { cluster in
      for node in 0..<3 { cluster.node(node).plan(Fault(.ignoreHTTP)) }
      let clock = ContinuousClock()
      let start = clock.now
      // In the first round nobody answers, in the second the first that is asked does.
      let url = cluster.url("gossipTimeout=300&maxDiscoverAttempts=2&discoveryInterval=1")
      try await withEventStoreClient(url) { try await $0.ping() }
      let taken = clock.now - start
      #expect((0..<3).allSatisfy { cluster.node($0).faultHits == 1 })
      #expect(taken >= .milliseconds(900) && taken < .seconds(30), "\(taken)")
    }
  }

  @Test("Row 30: the leader dies: the new one is found, and every kind of subscription goes on")
  func leaderDies() async throws {
    try await withCluster {
      $0.node.groupInterval = .milliseconds(20)
    } _: { cluster in
      let url = cluster.url("discoveryInterval=10&gossipTimeout=60s&maxDiscoverAttempts=1000")
      try await withEventStoreClient(url) { client in
        try await client.createSubscription("g", on: "s", settings: .eager)
        let catchUp = try await client.catchUp("s")
        let all = try await client.catchUpAll(after: .end)
        let live = try await client.subscribe(to: "s")
        let consumer = try await client.connectSubscription("g", to: "s")
        try await client.write(5, to: "s")
        var (events, allEvents) = (catchUp.makeAsyncIterator(), all.makeAsyncIterator())
        var signals = live.makeAsyncIterator()
        for number in 0..<5 as Range<EventNumber> {
          #expect(try await events.next()?.received?.number == number)
        }
        #expect(try await consumer.take(5).numbers == [0, 1, 2, 3, 4])
        #expect(await eventually { cluster.log.checkpoint(of: "g", "s") == 4 })
        await cluster.stop(0)
        cluster.moveLeader(to: 2)
        var numbers: [EventNumber] = []
        var hasGap = false
        while !hasGap {
          switch try await signals.next() {
          case .event(let event): numbers.append(event.number)
          case .gap: hasGap = true
          case nil: throw CancellationError()
          }
        }
        #expect(numbers == [0, 1, 2, 3, 4])
        try await client.write(5, to: "s")
        for number in 5..<10 as Range<EventNumber> {
          #expect(try await events.next()?.received?.number == number)
        }
        for number in 0..<10 as Range<EventNumber> {
          var next = try await allEvents.next()
          while next?.received?.stream != "s" { next = try await allEvents.next() }
          #expect(next?.received?.number == number)
        }
        #expect(try await consumer.take(5).numbers == [5, 6, 7, 8, 9])
        // The live subscription was renewed before the consumer; what came in between is in its gaps.
        try await client.ping()
        try await client.write(1, to: "s")
        numbers = []
        while numbers.last != 10, let element = try await signals.next() {
          if case .event(let event) = element { numbers.append(event.number) }
        }
        #expect(numbers == numbers.sorted() && numbers.last == 10)
        #expect(cluster.connected == [2])
        await consumer.close()
        await live.close()
        await all.close()
        await catchUp.close()
      }
    }
  }

  @Test(
    "Row 30: when another node is made the leader a consumer goes there by itself, and nothing is lost",
    arguments: [true, false])
  func leaderMoves(isDiscovered: Bool) async throws {
    try await withCluster {
      $0.node.groupInterval = .milliseconds(20)
    } _: { cluster in
      let url =
        isDiscovered
        ? cluster.url("discoveryInterval=10&maxDiscoverAttempts=1000")
        : "tcp://admin:changeit@127.0.0.1:\(cluster.node(0).tcpPort)"
      try await withEventStoreClient(url) { client in
        try await client.write(6, to: "s")
        try await client.createSubscription("g", on: "s", settings: .eager)
        let consumer = try await client.connectSubscription("g", to: "s", inFlightLimit: 2)
        #expect(try await consumer.take(3).numbers == [0, 1, 2])
        #expect(await eventually { cluster.log.checkpoint(of: "g", "s") == 2 })
        var numbers: Set<EventNumber> = []
        // There and back again, while events come.
        for leader in [1, 2, 0] {
          cluster.moveLeader(to: leader)
          numbers.formUnion(try await consumer.take(1).numbers)
          #expect(await eventually { cluster.connected == [leader] })
        }
        try await client.write(2, to: "s")
        while numbers != Set(3..<8), let number = try await consumer.take(1).numbers.first { numbers.insert(number) }
        #expect(numbers == Set(3..<8))
        await consumer.close()
      }
    }
  }

  @Test("Row 21: an election that ends without a leader in time is an error for the consumer, not a silence")
  func noLeader() async throws {
    try await withCluster { cluster in
      let url = "tcp://admin:changeit@127.0.0.1:\(cluster.node(0).tcpPort)?maxRetries=2"
      try await withEventStoreClient(url) { client in
        try await client.write(1, to: "s")
        try await client.createSubscription("g", on: "s", settings: .eager)
        let consumer = try await client.connectSubscription("g", to: "s")
        #expect(try await consumer.take(1).numbers == [0])
        cluster.startElection()
        let end = await thrown { try await consumer.take(1) }
        #expect(end?.code == .notReady && end?.isTransient == true)
      }
    }
  }

  @Test("Row 21: a client of a follower goes to the leader for a write and for a persistent subscription")
  func followsTheLeader() async throws {
    try await withCluster { cluster in
      let follower = "tcp://admin:changeit@127.0.0.1:\(cluster.node(1).tcpPort)"
      try await withEventStoreClient(follower) { client in
        #expect(cluster.connected == [1])
        try await client.publish(to: "s", [event()], expectedVersion: .noStream)
        #expect(await eventually { cluster.connected == [0] })
      }
      #expect(await eventually { cluster.connected.isEmpty })
      try await withEventStoreClient(follower + "?requireLeader=false&nodePreference=follower") { client in
        try await client.publish(to: "s", [event()], expectedVersion: .exactly(0))
        #expect(cluster.connected == [1])
        try await client.createSubscription("g", on: "s", settings: .eager)
        let consumer = try await client.connectSubscription("g", to: "s")
        #expect(try await consumer.take(2).numbers == [0, 1])
        #expect(await eventually { cluster.connected == [0] })
        await consumer.close()
      }
    }
  }
}

extension EventLog {
  /// The number that the group's last checkpoint names.
  fileprivate func checkpoint(of group: String, _ stream: StreamName) -> EventNumber? {
    let name = StreamName("$persistentsubscription-\(stream)::\(group)-checkpoint")
    let outcome = readEvent(name, number: .streamEnd, resolveLinks: false, by: .system)
    guard case .found(.found(let event)) = outcome else { return nil }
    return event.event.flatMap { EventNumber($0.data.description) }
  }
}
