import EventStoreCore
import EventStoreServer
import GoldenTraffic
import TestSupport
import Testing

@Suite("HTTP over sockets", .timeLimit(.minutes(1)))
struct HTTPServiceTests {
  private func withClient(_ body: (EmbeddedServer, RawHTTPClient) async throws -> Void) async throws {
    let server = try await EmbeddedServer.start(.freePorts)
    let client = try await RawHTTPClient(port: server.httpPort)
    try await doing {
      try await body(server, client)
    } finally: {
      await server.shutdown()
    }
  }

  @Test("Gossip names the ports that are really listened on, and the end of the log")
  func gossip() async throws {
    try await withClient { server, client in
      let event = ProposedEvent(type: "thing happened", isJSON: false, data: "x")
      _ = server.log.append([event], to: "things", expected: .any, by: .system)
      try await client.send("GET /gossip?format=json HTTP/1.1\r\nHost: x\r\n\r\n")
      let answer = try #require(await client.nextAnswer())
      #expect(answer.head.hasPrefix("HTTP/1.1 200 OK\r\n"))
      let member = try #require(try JSONValue(parsing: answer.body.utf8)["members"]?[0])
      #expect(member["externalTcpPort"]?.integer == Int64(server.tcpPort))
      #expect(member["externalHttpPort"]?.integer == Int64(server.httpPort))
      #expect(member["externalTcpIp"]?.string == "127.0.0.1")
      #expect(member["lastCommitPosition"]?.integer == server.log.lastCommitPosition)
      #expect(member["writerCheckpoint"]?.integer == server.log.writerCheckpoint)
      try await client.close()
    }
  }

  @Test("One connection serves many requests, also when they come at once")
  func keepAlive() async throws {
    try await withClient { _, client in
      try await client.send("GET /ping HTTP/1.1\r\nHost: x\r\n\r\n")
      let ping = String(decoding: try HTTPRecording.body(named: "ping.json"), as: UTF8.self)
      #expect(await client.nextAnswer()?.body == ping)
      try await client.send("GET /ping HTTP/1.1\r\nHost: x\r\n\r\nGET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(await client.nextAnswer()?.body == ping)
      #expect(await client.nextAnswer()?.head.hasPrefix("HTTP/1.1 404 Not Found\r\n") == true)
      try await client.send("HEAD /ping HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(await client.nextAnswer(hasBody: false)?.head.contains("200 OK") == true)
      try await client.send("GET /info HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
      #expect(await client.nextAnswer()?.head.contains("200 OK") == true)
      #expect(await client.nextAnswer() == nil)
    }
  }

  @Test("A body over 64 KiB is refused, and the connection closed")
  func largeBody() async throws {
    try await withClient { _, client in
      let body = String(repeating: "x", count: 70_000)
      try await client.send("POST /streams/x HTTP/1.1\r\nHost: x\r\nContent-Length: 70000\r\n\r\n\(body)")
      #expect(await client.nextAnswer()?.head.contains("413") == true)
      #expect(await client.nextAnswer() == nil)
    }
  }

  @Test("What is no HTTP is refused, and the connection closed")
  func noHTTP() async throws {
    try await withClient { _, client in
      try await client.send("\u{1}\u{2} nonsense\r\n\r\n")
      #expect(await client.nextAnswer()?.head.contains("400") == true)
      #expect(await client.nextAnswer() == nil)
    }
  }

  @Test("A head without end is refused")
  func endlessHead() async throws {
    try await withClient { _, client in
      try await client.send("GET /ping HTTP/1.1\r\nX: \(String(repeating: "y", count: 200_000))")
      // The answer can be lost, because the rest of the head is still under way when the connection is closed.
      if let answer = await client.nextAnswer() {
        #expect(answer.head.contains("HTTP/1.1 4"))
        #expect(await client.nextAnswer() == nil)
      }
    }
  }
}
