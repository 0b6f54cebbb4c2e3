import EventStoreClient
import EventStoreCore
import EventStoreServer
import Testing

@Suite("The client")
struct EventStoreClientTests {
  private func event(_ number: Int) -> ProposedEvent {
    ProposedEvent(type: "counted", isJSON: true, data: Bytes("{\"n\":\(number)}"))
  }

  /// Runs `body` with a server and a client of it.
  private func withClient(
    scheme: String = "tcp", user: String = "admin:changeit@",
    _ body: (EventStoreClient, EmbeddedServer) async throws -> Void
  ) async throws {
    let server = try await EmbeddedServer.start(.freePorts)
    let port = scheme == "tcp" ? server.tcpPort : server.httpPort
    try await withEventStoreClient("\(scheme)://\(user)127.0.0.1:\(port)") { try await body($0, server) }
    await server.shutdown()
  }

  @Test("What is appended can be read back: page, event, and all", arguments: ["tcp", "discover"])
  func appendAndRead(scheme: String) async throws {
    try await withClient(scheme: scheme) { client, _ in
      try await client.ping()
      let events = (0..<3).map { event($0) }
      let result = try await client.append(events, to: "counts", expected: .noStream)
      #expect(result.lastEventNumber == 2)
      let page = try await client.readStream("counts")
      #expect(page.events.map { $0.event?.id } == events.map(\.id))
      #expect(page.isEndOfStream)
      guard case .found(let last) = try await client.readEvent("counts", number: .streamEnd) else {
        Issue.record("the last event was not found")
        return
      }
      #expect(last.event?.id == events[2].id)
      let all = try await client.readAll(.backward, from: .end, maximumCount: 1)
      #expect(all.events.first?.event?.id == events[2].id)
    }
  }

  @Test("Metadata are set and read as they were written")
  func metadata() async throws {
    try await withClient { client, _ in
      #expect(try await client.metadata(of: "s") == nil)
      try await client.setMetadata("{\"$maxCount\":2}", of: "s", expected: .noStream)
      #expect(try await client.metadata(of: "s")?.data == "{\"$maxCount\":2}")
    }
  }

  @Test("A deleted stream is gone, softly or for ever")
  func delete() async throws {
    try await withClient { client, _ in
      try await client.append([event(0)], to: "soft", expected: .any)
      try await client.delete("soft", expected: .exactly(0))
      #expect(try await client.readStream("soft").status == .noStream)
      try await client.append([event(0)], to: "hard", expected: .any)
      try await client.delete("hard", expected: .any, hard: true)
      #expect(try await client.readStream("hard").status == .deleted)
    }
  }

  @Test("A live subscription gives what is written after it was made")
  func live() async throws {
    try await withClient { client, _ in
      try await client.append([event(0)], to: "s", expected: .noStream)
      let subscription = try await client.subscribe(to: "s")
      let sent = event(1)
      try await client.append([sent], to: "s", expected: .exactly(0))
      var received: [EventID?] = []
      for try await case .events(let events) in subscription {
        received += events.map { $0.event?.id }
        break
      }
      #expect(received == [sent.id])
      await subscription.close()
    }
  }

  @Test("A catch-up subscription gives the past and what follows, once each and in order")
  func catchUp() async throws {
    try await withClient { client, _ in
      try await client.append((0..<5).map { event($0) }, to: "s", expected: .noStream)
      let subscription = try await client.catchUp("s", after: 1, pageSize: 2)
      var numbers: [EventNumber?] = []
      for try await resolved in subscription {
        numbers.append(resolved.event?.number)
        if resolved.event?.number == 4 { try await client.append([event(5)], to: "s", expected: .exactly(4)) }
        if resolved.event?.number == 5 { await subscription.close() }
      }
      #expect(numbers == [2, 3, 4, 5])
    }
  }

  @Test("Row 34: who the server does not know is refused")
  func notAuthenticated() async throws {
    let server = try await EmbeddedServer.start(.freePorts)
    let error = await #expect(throws: EventStoreError.self) {
      try await withEventStoreClient("tcp://admin:wrong@127.0.0.1:\(server.tcpPort)") { try await $0.ping() }
    }
    #expect(error?.code == .notAuthenticated)
    #expect(error?.description.contains("wrong@") == false)
    await server.shutdown()
  }

  @Test("Row 2: a closed client says that it is closed")
  func closed() async throws {
    try await withClient { client, _ in
      await client.close()
      await client.close()
      let error = await #expect(throws: EventStoreError.self) { try await client.ping() }
      #expect(error?.code == .clientClosed)
    }
  }
}
