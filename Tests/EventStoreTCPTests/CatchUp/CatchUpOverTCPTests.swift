import EventStoreCore
import EventStoreServer
import EventStoreTCP
import Testing

@Suite("Catch-up over TCP", .timeLimit(.minutes(5)))
struct CatchUpOverTCPTests {
  /// Runs `body` with a server, a client of it, and a writer that is beside the network.
  private func withServer(
    configure: (inout TCPConfiguration) -> Void = { _ in },
    _ body: (EmbeddedServer, TCPEventStore, LogConnection) async throws -> Void
  ) async throws {
    var configuration = TCPConfiguration.patient()
    configure(&configuration)
    try await EventStoreTCPTests.withServer { server in
      try await withStore(configuration, port: server.tcpPort) { store in
        try await body(server, store, LogConnection(server.log))
      }
    }
  }

  /// The numbers of the next `count` events, and whether the last batch was live.
  private func numbers(_ feed: any EventFeed, count: Int) async throws -> [EventNumber] {
    var numbers: [EventNumber] = []
    while numbers.count < count, let batch = try await feed.next() {
      numbers += batch.events.compactMap { $0.received?.number }
    }
    return numbers
  }

  /// Takes batches until the feed says that it is live.
  private func untilLive(_ feed: any EventFeed) async throws -> [ResolvedEvent] {
    var events: [ResolvedEvent] = []
    while let batch = try await feed.next() {
      events += batch.events
      if batch.isLive { return events }
    }
    return events
  }

  @Test(
    "Row 24: with a writer running at the switch every event of a stream comes once and in order",
    arguments: [1, 7, 500])
  func streamWithWriter(pageSize: Int) async throws {
    try await withServer { server, store, writer in
      _ = try await writer.append(events(100), to: "s", expected: .noStream)
      let feed = try await store.catchUp("s", after: nil, resolveLinks: false, pageSize: pageSize)
      async let written: Void = {
        for number in 100..<600 {
          _ = try await writer.append(events(1), to: "s", expected: .exactly(EventNumber(number - 1)))
          await Task.yield()
        }
      }()
      #expect(try await numbers(feed, count: 600) == Array(0..<600))
      try await written
      await feed.close()
    }
  }

  @Test("Row 27: connections that are cut again and again lose and repeat nothing of $all")
  func allWithCuts() async throws {
    try await withServer { server, store, writer in
      _ = try await writer.append(events(20), to: "s", expected: .noStream)
      let feed = try await store.catchUpAll(after: .start, resolveLinks: false, pageSize: 13)
      var received: [EventNumber] = []
      var last: Position?
      var isLive = false
      var cuts = 0
      while received.count < 520 {
        let batch = try #require(try await feed.next())
        for event in batch.events where event.event?.stream == "s" {
          let position = try #require(event.position)
          if let last { #expect(position > last) }
          last = position
          received.append(try #require(event.event?.number))
        }
        isLive = batch.isLive
        let next = received.count
        if isLive, next < 520, next % 20 == 0 {
          // Half is written before the loss, half after it: neither may be missed.
          _ = try await writer.append(events(10), to: "s", expected: .any)
          cuts += await server.cutConnections()
          _ = try await writer.append(events(10), to: "s", expected: .any)
        }
      }
      #expect(received == Array(0..<520))
      #expect(cuts >= 25)
      await feed.close()
    }
  }

  @Test("Row 24: a consumer that is slower than its buffer gets everything, and becomes live again")
  func slowConsumer() async throws {
    try await withServer(configure: { $0.subscriptionBufferEvents = 4 }) { server, store, writer in
      let feed = try await store.catchUp("s", after: nil, resolveLinks: false, pageSize: 50)
      #expect(try await untilLive(feed).isEmpty)
      for burst in 0..<5 {
        for number in 0..<100 {
          let before = EventNumber(burst * 100 + number) - 1
          _ = try await writer.append(events(1), to: "s", expected: ExpectedVersion(after: before < 0 ? nil : before))
        }
        // The ping's answer comes after the events that the server has sent: the buffer has overflowed by then.
        try await store.ping()
        let range = EventNumber(burst * 100)..<EventNumber(burst * 100 + 100)
        #expect(try await numbers(feed, count: 100) == Array(range))
      }
      await feed.close()
    }
  }

  @Test("Row 24: a feed begins after what its consumer has, in a stream and in $all")
  func resumed() async throws {
    try await withServer { server, store, writer in
      _ = try await writer.append(events(10), to: "s", expected: .noStream)
      let page = try await store.readAll(.forward, from: .start, maximumCount: 100, resolveLinks: false)
      let known = try #require(page.events.first { $0.event?.stream == "s" && $0.event?.number == 6 }?.position)
      let all = try await store.catchUpAll(after: known, resolveLinks: false, pageSize: 100)
      #expect(try await untilLive(all).compactMap { $0.event?.number } == [7, 8, 9])
      await all.close()
      let stream = try await store.catchUp("s", after: 6, resolveLinks: false, pageSize: 2)
      #expect(try await untilLive(stream).compactMap { $0.event?.number } == [7, 8, 9])
      await stream.close()
      let end = try await store.catchUpAll(after: .end, resolveLinks: false, pageSize: 100)
      #expect(try await untilLive(end).isEmpty)
      _ = try await writer.append(events(1), to: "s", expected: .exactly(9))
      #expect(try await numbers(end, count: 1) == [10])
      await end.close()
    }
  }

  @Test("Row 25: a stream that is not there yet is waited for, and a deleted and written again one goes on")
  func waitedFor() async throws {
    try await withServer { server, store, writer in
      let feed = try await store.catchUp("later", after: nil, resolveLinks: false, pageSize: 100)
      #expect(try await untilLive(feed).isEmpty)
      _ = try await writer.append(events(3), to: "later", expected: .noStream)
      #expect(try await numbers(feed, count: 3) == [0, 1, 2])
      try await writer.delete("later", expected: .exactly(2), hard: false)
      _ = try await writer.append(events(2), to: "later", expected: .any)
      #expect(try await numbers(feed, count: 2) == [3, 4])
      await feed.close()
    }
  }

  @Test("A hard delete ends the feed of the stream, before it was followed and while it is")
  func hardDelete() async throws {
    try await withServer { server, store, writer in
      _ = try await writer.append(events(2), to: "s", expected: .noStream)
      let feed = try await store.catchUp("s", after: nil, resolveLinks: false, pageSize: 100)
      #expect(try await untilLive(feed).count == 2)
      try await writer.delete("s", expected: .any, hard: true)
      let late = try await store.catchUp("s", after: nil, resolveLinks: false, pageSize: 100)
      for feed in [feed, late] {
        for _ in 0..<2 {
          let error = await #expect(throws: EventStoreError.self) { try await feed.next() }
          #expect(error?.code == .streamDeleted)
        }
        await feed.close()
      }
    }
  }

  @Test("Row 27: links are followed by their own numbers, dead ones too")
  func links() async throws {
    try await withServer { server, store, writer in
      _ = try await writer.append(events(2), to: "target", expected: .noStream)
      let targets = ["0@target", "7@target", "1@target"]
      let links = targets.map { ProposedEvent(type: .link, isJSON: false, data: Bytes($0)) }
      _ = try await writer.append(links, to: "links", expected: .noStream)
      let feed = try await store.catchUp("links", after: nil, resolveLinks: true, pageSize: 2)
      let history = try await untilLive(feed)
      _ = try await writer.append(
        targets.map { ProposedEvent(type: .link, isJSON: false, data: Bytes($0)) }, to: "links", expected: .exactly(2))
      var live: [ResolvedEvent] = []
      while live.count < 3 { live += try #require(try await feed.next()).events }
      for (offset, events) in [(EventNumber(0), history), (3, live)] {
        #expect(events.compactMap { $0.link?.number } == [0, 1, 2].map { $0 + offset })
        #expect(events.map { $0.event?.number } == [0, nil, 1])
      }
      await feed.close()
    }
  }

  @Test("A cancelled wait loses nothing, and a close ends a wait")
  func cancelled() async throws {
    try await withServer { server, store, writer in
      let feed = try await store.catchUp("s", after: nil, resolveLinks: false, pageSize: 100)
      #expect(try await untilLive(feed).isEmpty)
      let waiting = Task { try await feed.next() }
      waiting.cancel()
      await #expect(throws: CancellationError.self) { try await waiting.value }
      _ = try await writer.append(events(2), to: "s", expected: .noStream)
      #expect(try await numbers(feed, count: 2) == [0, 1])
      let closed = Task { try await feed.next() }
      await feed.close()
      #expect(try await closed.value == nil)
      #expect(try await feed.next() == nil)
    }
  }

  @Test("Who may not read is told so", arguments: ["$all", "s"])
  func denied(what: String) async throws {
    try await withServer(configure: { $0.credentials = nil }) { server, store, writer in
      let acl = ProposedEvent(type: .streamMetadata, isJSON: true, data: #"{"$acl":{"$r":"$admins"}}"#)
      _ = try await writer.append([acl], to: "$$s", expected: .noStream)
      let error = await #expect(throws: EventStoreError.self) {
        let feed =
          what == "$all"
          ? try await store.catchUpAll(after: .start, resolveLinks: false, pageSize: 100)
          : try await store.catchUp("s", after: nil, resolveLinks: false, pageSize: 100)
        _ = try await feed.next()
      }
      #expect(error?.code == .accessDenied)
    }
  }
}
