import EventStoreCore
import EventStoreServer
import EventStoreTCP
import EventStoreWire
import TestSupport
import Testing

/// A server of 20.6 or later chooses the events, an older one does not know how to.
@Suite("Row 27: catch-up on $all with a filter", .timeLimit(.minutes(5)))
struct FilteredCatchUpTests {
  private func withServer(
    knowsFilters: Bool, _ body: (EmbeddedServer, TCPEventStore, LogConnection) async throws -> Void
  ) async throws {
    var configuration = ServerConfiguration.patient
    configuration.knowsFilters = knowsFilters
    try await EventStoreTCPTests.withServer(configuration) { server in
      try await withStore(port: server.tcpPort) { try await body(server, $0, LogConnection(server.log)) }
    }
  }

  /// Writes an order and a cart, `count` times.
  private func write(_ count: Int, _ writer: LogConnection) async throws {
    for _ in 0..<count {
      _ = try await writer.append(events(1, type: "order-placed"), to: "order-1", expected: .any)
      _ = try await writer.append(events(1, type: "cart-filled"), to: "cart-1", expected: .any)
    }
  }

  private func take(_ count: Int, from feed: any EventFeed) async throws -> [ResolvedEvent] {
    var taken: [ResolvedEvent] = []
    while taken.count < count { taken += try #require(try await feed.next()).events }
    return taken
  }

  @Test(
    "Row 27: prefixes and regular expressions choose by stream and by type, in history, live, and over cuts",
    arguments: [true, false],
    [
      AllFilter.streams(beginningWith: "order-", "nothing-"), .streams(matching: "^order-[0-9]$"),
      .types(beginningWith: "order-"), .types(matching: "placed$"),
    ])
  func chosen(knowsFilters: Bool, filter: AllFilter) async throws {
    try await withServer(knowsFilters: knowsFilters) { server, store, writer in
      try await write(30, writer)
      let feed = try await store.catchUpAll(filter, after: .start, resolveLinks: false, pageSize: 7)
      var received = try await take(30, from: feed)
      try await write(5, writer)
      received += try await take(5, from: feed)
      #expect(await server.cutConnections() == 1)
      try await write(5, writer)
      received += try await take(5, from: feed)
      #expect(received.map { $0.event?.number } == (0..<40).map { $0 })
      #expect(received.allSatisfy { $0.event?.stream == "order-1" })
      await feed.close()
    }
  }

  @Test("Row 27: with a filter a feed begins after a position, or at the end", arguments: [true, false])
  func places(knowsFilters: Bool) async throws {
    try await withServer(knowsFilters: knowsFilters) { _, store, writer in
      try await write(10, writer)
      let page = try await store.readAll(.forward, from: .start, maximumCount: 1000, resolveLinks: false)
      let known = try #require(page.events.first { $0.event?.stream == "order-1" && $0.event?.number == 6 }?.position)
      let filter = AllFilter.streams(beginningWith: "order-")
      let after = try await store.catchUpAll(filter, after: known, resolveLinks: false, pageSize: 100)
      #expect(try await take(3, from: after).map { $0.event?.number } == [7, 8, 9])
      let end = try await store.catchUpAll(filter, after: .end, resolveLinks: false, pageSize: 100)
      let first = try await end.next()
      #expect(first?.events.isEmpty == true && first?.isLive == true)
      try await write(1, writer)
      #expect(try await take(1, from: end).map { $0.event?.number } == [10])
      await after.close()
      await end.close()
    }
  }

  @Test("Row 27: links are judged by their own stream, resolved or not, dead ones too", arguments: [true, false])
  func links(knowsFilters: Bool) async throws {
    try await withServer(knowsFilters: knowsFilters) { _, store, writer in
      try await write(1, writer)
      for resolveLinks in [true, false] {
        let stream = StreamName("links-\(resolveLinks)")
        let filter = AllFilter.streams(beginningWith: "links-\(resolveLinks)")
        let feed = try await store.catchUpAll(filter, after: .end, resolveLinks: resolveLinks, pageSize: 100)
        _ = try await feed.next()
        _ = try await writer.append(
          ["0@order-1", "9@order-1"].map { ProposedEvent(type: .link, isJSON: false, data: Bytes($0)) }, to: stream,
          expected: .noStream)
        let received = try await take(2, from: feed)
        #expect(received.map { $0.received?.stream } == [stream, stream])
        #expect(received.map { $0.event?.stream } == (resolveLinks ? ["order-1", nil] : [stream, stream]))
        await feed.close()
      }
    }
  }

  @Test("Row 27: a regular expression sees a letter and its accent as two, whoever chooses", arguments: [true, false])
  func accents(knowsFilters: Bool) async throws {
    try await withServer(knowsFilters: knowsFilters) { _, store, writer in
      for stream: StreamName in ["caf\u{E9}", "cafe\u{301}"] {
        _ = try await writer.append(events(1), to: stream, expected: .noStream)
      }
      let feed = try await store.catchUpAll(
        .streams(matching: "^cafe"), after: .start, resolveLinks: false, pageSize: 10)
      #expect(try await take(1, from: feed).map { $0.event?.stream } == ["cafe\u{301}"])
      await feed.close()
    }
  }

  @Test("Row 27: a server that can is asked to choose; one that cannot is asked once, and then for everything")
  func whoChooses() async throws {
    let empty = ReadAllEventsCompleted(direction: .forward, position: .start, events: [], nextPosition: .start)
    let emptyFiltered = FilteredReadAllEventsCompleted(
      direction: .forward, position: .start, events: [], nextPosition: .start, isEndOfStream: true)
    for knowsFilters in [true, false] {
      try await withScriptedServer { frame in
        switch frame.command {
        case .filteredReadAllEventsForward where knowsFilters: return [.answer(emptyFiltered, to: frame)]
        case .readAllEventsForward: return [.answer(empty, to: frame)]
        case .filteredReadAllEventsForward: return [.answer(BadRequest(text: "what?"), to: frame)]
        default: return [.answer(SubscriptionConfirmation(lastCommitPosition: -1, lastEventNumber: nil), to: frame)]
        }
      } _: { server in
        try await withStore(port: server.port) { store in
          let feed = try await store.catchUpAll(
            .types(beginningWith: "a", "b"), after: .start, resolveLinks: false, pageSize: 17)
          _ = try await feed.next()
          await feed.close()
        }
        let filtered = try server.frames(.filteredReadAllEventsForward).map { try FilteredReadAllEvents($0) }
        #expect(filtered.allSatisfy { $0.maximumCount == 17 })
        #expect(
          filtered.first?.filter == ServerFilter(subject: .eventType, kind: .prefixes, patterns: ["a", "b"]))
        #expect(filtered.count == (knowsFilters ? 2 : 1))
        #expect(server.frames(.readAllEventsForward).count == (knowsFilters ? 0 : 2))
        #expect(server.frames(.filteredSubscribeToStream).count == (knowsFilters ? 1 : 0))
        #expect(server.frames(.subscribeToStream).count == (knowsFilters ? 0 : 1))
      }
    }
  }

  @Test(
    "Row 27: a feed that moves from a node that knows filters to an older one goes on, each event once and in order")
  func mixedVersions() async throws {
    for isLive in [true, false] {
      try await withServer(knowsFilters: true) { new, store, writer in
        try await write(10, writer)
        let old = try await EmbeddedServer.start(.patient, sharing: new.log)
        let feed = try await store.catchUpAll(
          .streams(beginningWith: "order-"), after: .start, resolveLinks: false, pageSize: 4)
        var received = try await take(isLive ? 10 : 4, from: feed)
        if isLive { #expect(try await feed.next()?.isLive == true) }
        new.setAvailability(.follower(of: old.leaderInfo))
        // Any request that needs the leader takes the connection there, and the subscription with it.
        _ = try await store.append(events(1, type: "order-placed"), to: "order-1", expected: .any)
        try await write(5, writer)
        received += try await take(16 - received.count, from: feed)
        #expect(received.map { $0.event?.number } == (0..<16).map { $0 })
        #expect(received.allSatisfy { $0.event?.stream == "order-1" })
        #expect(await eventually { old.connectionCount == 1 && new.connectionCount == 0 })
        try await write(1, writer)
        #expect(try await take(1, from: feed).map { $0.event?.number } == [16])
        await feed.close()
        #expect(try await feed.next() == nil)
        await store.close()
        await old.shutdown()
      }
    }
  }

  @Test("Row 27: a filter that makes no sense is refused before anything is asked")
  func senseless() async throws {
    try await withServer(knowsFilters: true) { _, store, _ in
      for filter in [AllFilter.streams(matching: "("), .types(beginningWith: ""), .streams(matching: "")] {
        let error = await error(of: {
          try await store.catchUpAll(filter, after: .start, resolveLinks: false, pageSize: 10)
        })
        #expect(error?.code == .invalidArgument)
      }
    }
  }
}
