import EventStoreClient
import EventStoreCore
import EventStoreServer
import TestSupport
import Testing

/// Row 15: an iteration knows where it is, whatever becomes of the connection.
@Suite("Iterations over lost connections", .timeLimit(.minutes(5)))
struct IterationReconnectTests {
  private func withClient(_ body: (EventStoreClient, EmbeddedServer) async throws -> Void) async throws {
    var configuration = ServerConfiguration.freePorts
    configuration.heartbeatTimeOut = .seconds(120)
    let server = try await EmbeddedServer.start(configuration)
    try await doing {
      let url = "tcp://admin:changeit@127.0.0.1:\(server.tcpPort)?reconnectionDelay=1"
      try await withEventStoreClient(url) { try await body($0, server) }
    } finally: {
      await server.shutdown()
    }
  }

  private func write(_ client: EventStoreClient) async throws {
    try await client.publish(
      to: "s", (0..<300).map { ProposedEvent(type: "counted", isJSON: true, data: Bytes("\($0)")) },
      expectedVersion: .noStream)
  }

  private func expected(_ direction: ReadDirection) -> [EventNumber] {
    let forward = (0..<300).map { EventNumber($0) }
    return direction == .forward ? forward : forward.reversed()
  }

  @Test(
    "Row 15: killed at every tenth event, the iteration of a stream gives exactly 300, in order, none twice",
    arguments: [ReadDirection.forward, .backward])
  func stream(direction: ReadDirection) async throws {
    try await withClient { client, server in
      try await write(client)
      var numbers: [EventNumber] = []
      var kills = 0
      for try await event in client.iterate("s", direction: direction, batchSize: 7) {
        numbers.append(try #require(event.received?.number))
        if numbers.count % 10 == 0 { kills += await server.cutConnections() }
      }
      #expect(numbers == expected(direction))
      #expect(kills == 30)
      try await client.ping()
    }
  }

  @Test(
    "Row 15: killed at every tenth event, the iteration of $all gives exactly 300, in order, none twice",
    arguments: [ReadDirection.forward, .backward])
  func all(direction: ReadDirection) async throws {
    try await withClient { client, server in
      try await write(client)
      var numbers: [EventNumber] = []
      var positions: [Position] = []
      var kills = 0
      for try await event in client.iterateAll(direction: direction, batchSize: 7) {
        positions.append(try #require(event.position))
        if positions.count % 10 == 0 { kills += await server.cutConnections() }
        if event.received?.stream == "s" { numbers.append(try #require(event.received?.number)) }
      }
      #expect(numbers == expected(direction))
      let inOrder = direction == .forward ? positions : positions.reversed()
      #expect(zip(inOrder, inOrder.dropFirst()).allSatisfy { $0 < $1 })
      #expect(kills >= 30)
      try await client.ping()
    }
  }
}
