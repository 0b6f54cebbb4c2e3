import EventStoreCore
import EventStoreServer
import EventStoreTCP
import EventStoreWire
import TestSupport
import Testing

/// Rows 24 to 27: a catch-up gives each event once and in order, whatever happens at whatever moment.
@Suite("Catch-up, row by row", .timeLimit(.minutes(5)))
struct CatchUpRowTests {
  /// A moment at which the connection is cut: 25 events of history come in pages of ten.
  struct Cut: Hashable, Sendable, CustomTestStringConvertible {
    var phase: String
    var fault: Fault?

    var testDescription: String { phase }

    /// - Parameter pages: how many reads bring the history and find its end.
    static func all(read: Command, pages: Int) -> [Cut] {
      let moments: [(String, Command, Int)] = [
        ("the first page", read, 0), ("the last page", read, pages - 1), ("the subscription", .subscribeToStream, 0),
        ("the page that closes the gap", read, pages),
      ]
      let cuts = moments.flatMap { phase, command, skipping in
        [("before", Fault.Effect.cutBefore), ("after", .cutAfter)].map { when, effect in
          Cut(phase: "\(when) \(phase)", fault: Fault(effect, on: command.rawValue, skipping: skipping))
        }
      }
      return cuts + [Cut(phase: "while it is live", fault: nil)]
    }
  }

  /// Runs `body` with a server, a client of it, and a writer that is beside the network.
  private func withWriter(
    _ body: (EmbeddedServer, TCPEventStore, LogConnection) async throws -> Void
  ) async throws {
    try await withServer { server in
      try await withStore(port: server.tcpPort) { try await body(server, $0, LogConnection(server.log)) }
    }
  }

  /// Takes events until there are so many.
  private func take(_ count: Int, from feed: any EventFeed) async throws -> [ResolvedEvent] {
    var taken: [ResolvedEvent] = []
    while taken.count < count { taken += try #require(try await feed.next()).events }
    return taken
  }

  /// Takes batches until the feed says that it is live.
  private func untilLive(_ feed: any EventFeed) async throws -> [ResolvedEvent] {
    var taken: [ResolvedEvent] = []
    while let batch = try await feed.next() {
      taken += batch.events
      if batch.isLive { break }
    }
    return taken
  }

  @Test(
    "Row 24: from event k on, with a writer at the switch, each comes once and in order, in 1000 runs timed at random")
  func randomlyTimed() async throws {
    try await withWriter { _, store, writer in
      try await withThrowingTaskGroup { runs in
        for lane in 0..<4 {
          runs.addTask {
            var random = SeededRandom(seed: UInt64(lane))
            for run in 0..<250 { try await self.run(StreamName("s-\(lane)-\(run)"), store, writer, &random) }
          }
        }
        try await runs.waitForAll()
      }
    }
  }

  private func run(
    _ stream: StreamName, _ store: TCPEventStore, _ writer: LogConnection, _ random: inout SeededRandom
  ) async throws {
    let history = Int.random(in: 0...20, using: &random)
    let live = Int.random(in: 1...20, using: &random)
    let start = Int.random(in: 0...history, using: &random)
    let pageSize = Int.random(in: 1...9, using: &random)
    let pauses = (0..<live).map { _ in Int.random(in: 0...40, using: &random) }
    if history > 0 { _ = try await writer.append(events(history), to: stream, expected: .noStream) }
    async let written: Void = {
      for pause in pauses {
        for _ in 0..<pause { await Task.yield() }
        _ = try await writer.append(events(1), to: stream, expected: .any)
      }
    }()
    let after = start == 0 ? nil : EventNumber(start - 1)
    let feed = try await store.catchUp(stream, after: after, resolveLinks: false, pageSize: pageSize)
    let numbers = try await take(history + live - start, from: feed).compactMap { $0.received?.number }
    #expect(numbers == (start..<history + live).map { EventNumber($0) }, "\(stream)")
    try await written
    await feed.close()
  }

  @Test(
    "Row 25: a cut in any phase loses and repeats nothing of a stream",
    arguments: Cut.all(read: .readStreamEventsForward, pages: 3))
  func cutStream(cut: Cut) async throws {
    try await withWriter { server, store, writer in
      _ = try await writer.append(events(25), to: "s", expected: .noStream)
      if let fault = cut.fault { server.plan(fault) }
      let feed = try await store.catchUp("s", after: nil, resolveLinks: false, pageSize: 10)
      var received = try await untilLive(feed)
      if cut.fault == nil {
        _ = try await writer.append(events(10), to: "s", expected: .exactly(24))
        #expect(await server.cutConnections() == 1)
      }
      _ = try await writer.append(events(10), to: "s", expected: .any)
      received += try await take(cut.fault == nil ? 20 : 10, from: feed)
      #expect(received.compactMap { $0.received?.number } == (0..<EventNumber(received.count)).map { $0 })
      #expect(received.count == (cut.fault == nil ? 45 : 35))
      #expect(!server.hasPendingFaults && server.faultHits == (cut.fault == nil ? 0 : 1))
      await feed.close()
    }
  }

  @Test("Row 25: a missing stream waits for its first event, over lost connections too")
  func missingStream() async throws {
    try await withWriter { server, store, writer in
      let feed = try await store.catchUp("later", after: nil, resolveLinks: false, pageSize: 10)
      #expect(try await untilLive(feed).isEmpty)
      #expect(await server.cutConnections() == 1)
      _ = try await writer.append(events(2), to: "later", expected: .noStream)
      #expect(try await take(2, from: feed).compactMap { $0.received?.number } == [0, 1])
      await feed.close()
    }
  }

  private var emptyStreamPage: ReadStreamEventsCompleted {
    ReadStreamEventsCompleted(
      direction: .forward, result: .noStream, events: [], nextEventNumber: -1, lastEventNumber: -1, isEndOfStream: true,
      lastCommitPosition: -1, error: "")
  }

  private var emptyAllPage: ReadAllEventsCompleted {
    ReadAllEventsCompleted(
      direction: .forward, position: .start, events: [], nextPosition: .start, result: .success, error: nil)
  }

  @Test("Row 26: the wire shows the page size as the largest count", arguments: [1, 17, 500])
  func pageSize(size: Int) async throws {
    let (emptyStreamPage, emptyAllPage) = (emptyStreamPage, emptyAllPage)
    try await withScriptedServer { frame in
      switch frame.command {
      case .readStreamEventsForward:
        return [.answer(emptyStreamPage, to: frame)]
      case .readAllEventsForward:
        return [.answer(emptyAllPage, to: frame)]
      case .subscribeToStream:
        return [.answer(SubscriptionConfirmation(lastCommitPosition: -1, lastEventNumber: -1), to: frame)]
      default: return []
      }
    } _: { server in
      try await withStore(port: server.port) { store in
        let stream = try await store.catchUp("s", after: nil, resolveLinks: false, pageSize: size)
        let all = try await store.catchUpAll(after: .start, resolveLinks: false, pageSize: size)
        for feed in [stream, all] {
          _ = try await feed.next()
          await feed.close()
        }
        let streamReads = try server.frames(.readStreamEventsForward).map { try ReadStreamEvents($0).maximumCount }
        let allReads = try server.frames(.readAllEventsForward).map { try ReadAllEvents($0).maximumCount }
        #expect(streamReads.count >= 2 && streamReads.allSatisfy { $0 == Int32(size) })
        #expect(allReads.count >= 2 && allReads.allSatisfy { $0 == Int32(size) })
      }
    }
  }

  @Test(
    "Row 27: a cut in any phase loses and repeats nothing of $all",
    arguments: Cut.all(read: .readAllEventsForward, pages: 4))
  func cutAll(cut: Cut) async throws {
    try await withWriter { server, store, writer in
      let begin = try #require(try await store.lastPosition())
      _ = try await writer.append(events(25), to: "s", expected: .noStream)
      if let fault = cut.fault { server.plan(fault) }
      let feed = try await store.catchUpAll(after: begin, resolveLinks: false, pageSize: 10)
      var received = try await untilLive(feed)
      if cut.fault == nil {
        _ = try await writer.append(events(10), to: "s", expected: .exactly(24))
        #expect(await server.cutConnections() == 1)
      }
      _ = try await writer.append(events(10), to: "s", expected: .any)
      received += try await take(cut.fault == nil ? 20 : 10, from: feed)
      #expect(received.compactMap { $0.received?.number } == (0..<EventNumber(received.count)).map { $0 })
      let positions = received.compactMap(\.position)
      #expect(positions.count == received.count && zip(positions, positions.dropFirst()).allSatisfy { $0 < $1 })
      #expect(!server.hasPendingFaults && server.faultHits == (cut.fault == nil ? 0 : 1))
      await feed.close()
    }
  }

  @Test("Row 27: $all with a writer at the switch comes once and in order, in runs timed at random", arguments: 0..<20)
  func allRandomlyTimed(seed: Int) async throws {
    try await withWriter { _, store, writer in
      var random = SeededRandom(seed: UInt64(seed))
      let history = Int.random(in: 0...30, using: &random)
      let pauses = (0..<30).map { _ in Int.random(in: 0...40, using: &random) }
      let begin = try #require(try await store.lastPosition())
      if history > 0 { _ = try await writer.append(events(history), to: "s", expected: .noStream) }
      async let written: Void = {
        for pause in pauses {
          for _ in 0..<pause { await Task.yield() }
          _ = try await writer.append(events(1), to: "s", expected: .any)
        }
      }()
      let feed = try await store.catchUpAll(
        after: begin, resolveLinks: false, pageSize: Int.random(in: 1...9, using: &random))
      let numbers = try await take(history + 30, from: feed).compactMap { $0.received?.number }
      #expect(numbers == (0..<history + 30).map { EventNumber($0) })
      try await written
      await feed.close()
    }
  }

  @Test(
    "Row 27: links in $all are resolved or not, as asked, dead ones too, in history and live", arguments: [true, false])
  func linksInAll(resolveLinks: Bool) async throws {
    try await withWriter { _, store, writer in
      _ = try await writer.append(events(1), to: "target", expected: .noStream)
      let begin = try #require(try await store.lastPosition())
      let links = { ["0@target", "7@target"].map { ProposedEvent(type: .link, isJSON: false, data: Bytes($0)) } }
      _ = try await writer.append(links(), to: "links", expected: .noStream)
      let feed = try await store.catchUpAll(after: begin, resolveLinks: resolveLinks, pageSize: 10)
      var received = try await untilLive(feed)
      _ = try await writer.append(links(), to: "links", expected: .exactly(1))
      received += try await take(2, from: feed)
      #expect(received.compactMap { $0.received?.number } == [0, 1, 2, 3])
      #expect(received.allSatisfy { $0.received?.stream == "links" })
      let streams = received.map { $0.event?.stream }
      #expect(streams == (resolveLinks ? ["target", nil, "target", nil] : ["links", "links", "links", "links"]))
      await feed.close()
    }
  }
}
