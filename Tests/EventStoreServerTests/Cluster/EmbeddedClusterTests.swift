import EventStoreCore
import EventStoreServer
import EventStoreWire
import GoldenTraffic
import NIOCore
import TestSupport
import Testing

@Suite("Embedded cluster", .timeLimit(.minutes(1)))
struct EmbeddedClusterTests {
  private func withCluster(
    _ change: (inout ClusterConfiguration) -> Void = { _ in }, _ body: (EmbeddedCluster) async throws -> Void
  ) async throws {
    var configuration = ClusterConfiguration()
    change(&configuration)
    let cluster = try await EmbeddedCluster.start(configuration)
    try await doing {
      try await body(cluster)
    } finally: {
      await cluster.shutdown()
    }
  }

  private func gossip(of node: EmbeddedServer) async throws -> JSONValue {
    let client = try await RawHTTPClient(port: node.httpPort)
    try await client.send("GET /gossip?format=json HTTP/1.1\r\nHost: x\r\n\r\n")
    let answer = try #require(await client.nextAnswer())
    try await client.close()
    return try JSONValue(parsing: answer.body.utf8)
  }

  private func members(_ gossip: JSONValue, count: Int) throws -> [JSONValue] {
    #expect(gossip["members"]?[count] == nil)
    return try (0..<count).map { try #require(gossip["members"]?[$0]) }
  }

  /// The frame that a node answers a request with.
  private func answer(_ message: some WireMessage, from node: EmbeddedServer) async throws -> Frame {
    let client = try await RawClient(port: node.tcpPort)
    var bytes = ByteBuffer()
    try FrameEncoder().encode(message, correlationID: EventID(), into: &bytes)
    try await client.send(Array(bytes.readableBytesView))
    var answer = ByteBuffer(bytes: try #require(await client.nextFrame()))
    try await client.close()
    var decoder = FrameDecoder()
    return try #require(try decoder.decode(buffer: &answer))
  }

  private func append(requireLeader: Bool = true) -> WriteEvents {
    WriteEvents(
      stream: "s", expectedVersion: -2, events: [ProposedEvent(type: "t", isJSON: false, data: "x")],
      requireLeader: requireLeader)
  }

  @Test("Every node's gossip names all nodes, with their ports, their roles in words of the version, and who is dead")
  func gossip() async throws {
    let words = [
      GossipForm.version20: ["Leader", "Follower", "ReadOnlyReplica"],
      .version4: ["Master", "Slave", "ReadOnlyReplica"],
    ]
    for (form, states) in words {
      try await withCluster {
        $0.gossip = form
        $0.readOnlyReplicas = [2]
      } _: { cluster in
        for node in 0..<3 {
          let members = try members(try await gossip(of: cluster.node(node)), count: 3)
          #expect(members.map { $0["state"]?.string } == states)
          #expect(members.map { $0["externalTcpPort"]?.integer } == (0..<3).map { Int64(cluster.node($0).tcpPort) })
          let httpPort = form == .version4 ? "externalHttpPort" : "httpEndPointPort"
          #expect(members.map { $0[httpPort]?.integer } == (0..<3).map { Int64(cluster.node($0).httpPort) })
          #expect(members.allSatisfy { $0["isAlive"]?.bool == true })
        }
        await cluster.stop(0)
        let members = try members(try await gossip(of: cluster.node(1)), count: 3)
        #expect(members.map { $0["isAlive"]?.bool } == [false, true, true])
        #expect(members.map { $0["state"]?.string } == states)
      }
    }
  }

  @Test("Gossip of three nodes is laid out as a real cluster's, line by line")
  func layout() async throws {
    let recorded = try HTTPRecording.json(named: "gossip-cluster-from-master-1.json")
    try await withCluster {
      $0.gossip = .version4
    } _: { cluster in
      let ours = try await gossip(of: cluster.node(0))
      let names = { (value: JSONValue) in value["members"]?[1]?.object.map { Set($0.keys) } }
      #expect(names(ours) == names(recorded) && names(ours) != nil)
    }
  }

  @Test("A follower names the leader to whoever requires it, forwards other writes, and a replica takes none")
  func roles() async throws {
    try await withCluster {
      $0.readOnlyReplicas = [2]
    } _: { cluster in
      let refusal = try NotHandled(try await answer(append(), from: cluster.node(1)))
      #expect(refusal == NotHandled(reason: .notLeader, leader: cluster.node(0).leaderInfo))
      #expect(refusal.leader?.tcp.port == Int32(cluster.node(0).tcpPort))
      let written = try WriteEventsCompleted(try await answer(append(requireLeader: false), from: cluster.node(1)))
      #expect(written.result == .success)
      let replica = try NotHandled(try await answer(append(), from: cluster.node(2)))
      #expect(replica.reason == .isReadOnly)
      let consumer = ConnectToPersistentSubscription(group: "g", stream: "s", allowedInFlightMessages: 1)
      #expect(try NotHandled(try await answer(consumer, from: cluster.node(1))).reason == .notLeader)
      let completed = try WriteEventsCompleted(try await answer(append(), from: cluster.node(0)))
      #expect(completed.result == .success && cluster.log.eventCount > 1)
    }
  }

  @Test("The leader moves on command, with an election or without, and a stopped node comes back at its ports")
  func moves() async throws {
    try await withCluster { cluster in
      cluster.startElection()
      #expect(cluster.leader == nil)
      for node in 0..<3 {
        #expect(try NotHandled(try await answer(append(), from: cluster.node(node))).reason == .notReady)
      }
      cluster.moveLeader(to: 2)
      #expect(cluster.leader == 2)
      let named = try NotHandled(try await answer(append(), from: cluster.node(0))).leader
      #expect(named == cluster.node(2).leaderInfo)
      let ports = (cluster.node(2).tcpPort, cluster.node(2).httpPort)
      await cluster.stop(2)
      await cluster.stop(2)
      // Nobody has noticed yet.
      #expect(try NotHandled(try await answer(append(), from: cluster.node(0))).leader == named)
      cluster.moveLeader(to: 0)
      #expect(try WriteEventsCompleted(try await answer(append(), from: cluster.node(0))).result == .success)
      try await cluster.restart(2)
      #expect(ports == (cluster.node(2).tcpPort, cluster.node(2).httpPort))
      let again = try NotHandled(try await answer(append(), from: cluster.node(2)))
      #expect(again.leader == cluster.node(0).leaderInfo)
    }
  }

  @Test("A half-open connection takes everything and says nothing; others are not concerned")
  func halfOpen() async throws {
    try await withCluster { cluster in
      let node = cluster.node(0)
      node.plan(Fault(.halfOpen, on: Command.ping.rawValue))
      let ping = { (id: UInt8) in [UInt8(18), 0, 0, 0, 0x03, 0] + [UInt8](repeating: id, count: 16) }
      let silent = try await RawClient(port: node.tcpPort)
      try await silent.send(ping(1) + ping(2))
      // The suite's time limit ends this: the two connections are served in any order.
      while node.faultHits == 0 { await Task.yield() }
      let other = try await RawClient(port: node.tcpPort)
      try await other.send(ping(3))
      #expect(await other.nextFrame()?[6] == 3)
      #expect(node.connectionCount == 2 && node.faultHits == 1)
      await node.cutConnections()
      #expect(await silent.next() == .closed(rest: []))
    }
  }

  @Test("Gossip can be left unanswered, so many times")
  func silentGossip() async throws {
    try await withCluster { cluster in
      let node = cluster.node(0)
      node.plan(Fault(.ignoreHTTP))
      let client = try await RawHTTPClient(port: node.httpPort)
      try await client.send("GET /gossip HTTP/1.1\r\nHost: x\r\n\r\n")
      while node.hasPendingFaults { await Task.yield() }
      _ = try await gossip(of: node)
      #expect(node.faultHits == 1)
      try await client.close()
    }
  }

  @Test("Clusters that make no sense are refused", arguments: [0, 101, 1])
  func senseless(count: Int) async throws {
    var configuration = ClusterConfiguration()
    configuration.count = count
    configuration.readOnlyReplicas = [0]
    let error = await #expect(throws: ServerError.self) { try await EmbeddedCluster.start(configuration) }
    #expect(error?.code == .invalidConfiguration)
  }

  @Test("Nodes with given ports take one each from there on, and ranges that overlap are refused")
  func ports() async throws {
    var configuration = ClusterConfiguration()
    configuration.node.tcpPort = 20_000
    configuration.node.httpPort = 20_002
    let error = await #expect(throws: ServerError.self) { try await EmbeddedCluster.start(configuration) }
    #expect(error?.code == .invalidConfiguration)
  }
}
