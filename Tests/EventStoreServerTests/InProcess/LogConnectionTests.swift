import EventStoreCore
import EventStoreServer
import Testing

@Suite struct LogConnectionTests {
  private let log = EventLog(clock: { Timestamp(ticks: 17_000_000_000_000_000) })

  private func event(_ text: String) -> ProposedEvent {
    ProposedEvent(type: "t", isJSON: true, data: Bytes("{\"n\":\"\(text)\"}"))
  }

  private func texts(_ events: [ResolvedEvent]) -> [String] {
    events.compactMap { $0.received.map { $0.data.description } }
  }

  @Test("What was appended is read back, from the stream without positions and from $all with them")
  func roundTrip() async throws {
    let connection = LogConnection(log)
    let events = [event("a"), event("b")]
    let result = try await connection.append(events, to: "s", expected: .noStream)
    #expect(result.firstEventNumber == 0 && result.lastEventNumber == 1)

    let page = try await connection.readStream("s", .forward, from: 0, maximumCount: 10, resolveLinks: false)
    #expect(page.events.map(\.event?.id) == events.map { $0.id })
    #expect(page.events.allSatisfy { $0.position == nil && $0.event?.position == nil })
    #expect(page.isEndOfStream && page.nextEventNumber == 2 && page.lastEventNumber == 1)

    let all = try await connection.readAll(.forward, from: .start, maximumCount: 10, resolveLinks: false)
    #expect(all.events.map(\.event?.id) == events.map { $0.id })
    #expect(all.events.last?.position == result.position)
    #expect(try await connection.lastPosition() == result.position)
    #expect(try await connection.readEvent("s", number: 5, resolveLinks: false) == .notFound)
  }

  @Test("A refused append says where the stream is")
  func refused() async throws {
    let connection = LogConnection(log)
    _ = try await connection.append([event("a")], to: "s", expected: .noStream)
    let error = await #expect(throws: EventStoreError.self) {
      try await connection.append([event("b")], to: "s", expected: .noStream)
    }
    #expect(error?.code == .wrongExpectedVersion && error?.currentVersion == 0)
  }

  @Test("What no server takes is refused before it is sent")
  func invalid() async throws {
    let small = LogConnection(
      log, limits: WriteLimits(maximumEventBytes: 20, maximumAppendBytes: 30, maximumAppendEvents: 10))
    let tooLarge = await #expect(throws: EventStoreError.self) {
      try await small.append([event("aaaaaaaaaaaaaaaaaaaaaaaa")], to: "s", expected: .any)
    }
    #expect(tooLarge?.code == .eventTooLarge)
    let name = await #expect(throws: EventStoreError.self) {
      try await small.append([event("a")], to: "$$", expected: .any)
    }
    #expect(name?.code == .invalidArgument)
    #expect(log.eventCount == 0)
  }

  @Test("A lost reply to an exact version is mended by sending again; without one the connection is lost")
  func lostReply() async throws {
    let connection = LogConnection(log)
    connection.plan(.loseReply, on: .append, skipping: 1, times: 2)
    _ = try await connection.append([event("a")], to: "s", expected: .noStream)
    let repeated = try await connection.append([event("b")], to: "s", expected: .exactly(0))
    #expect(repeated.position == nil && repeated.lastEventNumber == 1)
    #expect(connection.hasPendingFaults)
    let error = await #expect(throws: EventStoreError.self) {
      try await connection.append([event("c")], to: "s", expected: .any)
    }
    #expect(error?.code == .connectionLost)
    #expect(log.eventCount == 3)
    #expect(connection.faultHits == 2 && !connection.hasPendingFaults)
  }

  @Test("A refused request does nothing, one that fails afterwards is done")
  func refuseAndFailAfter() async throws {
    let connection = LogConnection(log)
    connection.plan(.refuse(EventStoreError(.timedOut, "no answer came")), on: .append)
    connection.plan(.failAfter(EventStoreError(.timedOut, "no answer came")), on: .append)
    for expectedCount in [0, 1] {
      await #expect(throws: EventStoreError.self) {
        try await connection.append([event("a")], to: "s", expected: .noStream)
      }
      #expect(log.eventCount == expectedCount)
    }
  }

  @Test("A feed gives history, says that it is live, and then what is written")
  func feed() async throws {
    let connection = LogConnection(log)
    let first = try await connection.append([event("a")], to: "s", expected: .any)
    _ = try await connection.append([event("b"), event("c")], to: "s", expected: .any)
    let feed = try await connection.catchUpAll(
      after: try #require(first.position), resolveLinks: false, pageSize: 2)
    let history = try #require(try await feed.next())
    #expect(texts(history.events) == ["{\"n\":\"b\"}"] && !history.isLive)
    #expect(texts(try #require(try await feed.next()).events) == ["{\"n\":\"c\"}"])

    async let next = feed.next()
    _ = try await connection.append([event("d")], to: "other", expected: .any)
    let live = try #require(try await next)
    #expect(texts(live.events) == ["{\"n\":\"d\"}"] && live.isLive)

    async let ended = feed.next()
    await feed.close()
    #expect(try await ended == nil)
    #expect(try await feed.next() == nil)
  }

  @Test("A feed of a stream waits for it, and a feed after the end gives only what comes")
  func feedOfMissingStream() async throws {
    let connection = LogConnection(log)
    _ = try await connection.append([event("old")], to: "x", expected: .any)
    let feed = try await connection.catchUp("later", after: nil, resolveLinks: false, pageSize: 10)
    let all = try await connection.catchUpAll(after: .end, resolveLinks: false, pageSize: 10)
    #expect(try await feed.next() == FeedBatch(events: [], isLive: true))
    #expect(try await all.next() == FeedBatch(events: [], isLive: true))
    _ = try await connection.append([event("a")], to: "later", expected: .any)
    #expect(texts(try #require(try await feed.next()).events) == ["{\"n\":\"a\"}"])
    #expect(texts(try #require(try await all.next()).events) == ["{\"n\":\"a\"}"])
  }

  @Test("Cancelling the task that waits for a feed ends the wait and loses nothing")
  func cancelledFeed() async throws {
    let connection = LogConnection(log)
    let feed = try await connection.catchUp("s", after: nil, resolveLinks: false, pageSize: 10)
    _ = try await feed.next()
    let waiting = Task { try await feed.next() }
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }
    _ = try await connection.append([event("a")], to: "s", expected: .any)
    #expect(texts(try #require(try await feed.next()).events) == ["{\"n\":\"a\"}"])
  }

  @Test("A feed that failed goes on failing")
  func failedFeed() async throws {
    let connection = LogConnection(log)
    let feed = try await connection.catchUp("s", after: nil, resolveLinks: false, pageSize: 10)
    connection.plan(.refuse(EventStoreError(.subscriptionDropped, "the server ended it")), on: .nextBatch)
    for _ in 0..<2 {
      let error = await #expect(throws: EventStoreError.self) { try await feed.next() }
      #expect(error?.code == .subscriptionDropped)
    }
  }

  @Test("$all and a protected stream are denied to whoever has no right to them")
  func denied() async throws {
    let anonymous = LogConnection(log, as: nil)
    let error = await #expect(throws: EventStoreError.self) {
      try await anonymous.readAll(.forward, from: .start, maximumCount: 1, resolveLinks: false)
    }
    #expect(error?.code == .accessDenied)
  }
}
