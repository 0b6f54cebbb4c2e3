import EventStoreCore
import Testing

@testable import EventStoreTCP

@Suite("Catch-up feed")
struct CatchUpFeedTests {
  /// A source that plays back what it was given.
  private actor Script {
    private(set) var calls: [String] = []
    private var pages: [Result<HistoryPage<EventNumber>, EventStoreError>]
    private var signals: [Result<SubscriptionSignal, EventStoreError>]

    init(
      pages: [Result<HistoryPage<EventNumber>, EventStoreError>],
      signals: [Result<SubscriptionSignal, EventStoreError>] = []
    ) {
      self.pages = pages
      self.signals = signals
    }

    func page(from place: EventNumber) throws -> HistoryPage<EventNumber> {
      calls.append("read \(place)")
      return try pages.isEmpty ? HistoryPage(events: [], next: place, isAtEnd: true) : pages.removeFirst().get()
    }

    func signal() throws -> SubscriptionSignal? {
      calls.append("wait")
      return signals.isEmpty ? nil : try signals.removeFirst().get()
    }

    func record(_ call: String) { calls.append(call) }
  }

  private struct Source: CatchUpSource {
    let script: Script
    var stream: StreamName? { "s" }

    func readHistory(from place: EventNumber) async throws -> HistoryPage<EventNumber> {
      try await script.page(from: place)
    }

    func subscribe() async throws -> any SignalSource {
      await script.record("subscribe")
      return Signals(script: script)
    }

    func place(of event: ResolvedEvent) -> EventNumber? { event.received?.number }

    func confirmation(_ start: SubscriptionStart) -> CatchUpStateMachine<EventNumber>.Confirmation {
      start.lastEventNumber.map { .at($0) } ?? .unknown
    }
  }

  private struct Signals: SignalSource {
    let script: Script
    func next() async throws -> SubscriptionSignal? { try await script.signal() }
    func close() async { await script.record("unsubscribe") }
  }

  private func event(_ number: EventNumber, type: EventType = "t") -> ResolvedEvent {
    ResolvedEvent(
      event: RecordedEvent(
        stream: "s", number: number, id: EventID(high: 1, low: 1), type: type, isJSON: false, data: "",
        created: Timestamp(ticks: 0)))
  }

  private func page(_ numbers: ClosedRange<EventNumber>, isAtEnd: Bool) -> HistoryPage<EventNumber> {
    HistoryPage(
      events: numbers.map { PlacedEvent(place: $0, event: event($0)) }, next: numbers.upperBound + 1, isAtEnd: isAtEnd)
  }

  private let confirmed = SubscriptionSignal.confirmed(SubscriptionStart(lastCommitPosition: 1, lastEventNumber: 1))

  @Test("A feed reads, subscribes, reads again, and then waits")
  func wholeWay() async throws {
    let script = Script(
      pages: [.success(page(0...0, isAtEnd: true)), .success(page(1...1, isAtEnd: true))],
      signals: [.success(confirmed), .success(.events([event(2)]))])
    let feed = CatchUpFeed(Source(script: script), after: nil, start: 0)
    #expect(try await feed.next() == FeedBatch(events: [event(0)], isLive: false))
    #expect(try await feed.next() == FeedBatch(events: [event(1)], isLive: true))
    #expect(try await feed.next() == FeedBatch(events: [event(2)], isLive: true))
    await feed.close()
    await feed.close()
    #expect(try await feed.next() == nil)
    #expect(await script.calls == ["read 0", "subscribe", "wait", "read 1", "wait", "unsubscribe"])
  }

  @Test("What fails for good is thrown, and thrown again")
  func failure() async throws {
    let denied = EventStoreError(.accessDenied, "no")
    let script = Script(pages: [.success(page(0...0, isAtEnd: true))], signals: [.failure(denied)])
    let feed = CatchUpFeed(Source(script: script), after: nil, start: 0)
    #expect(try await feed.next()?.events.count == 1)
    for _ in 0..<2 {
      let error = await #expect(throws: EventStoreError.self) { try await feed.next() }
      #expect(error?.code == .accessDenied)
    }
    #expect(await script.calls == ["read 0", "subscribe", "wait", "unsubscribe"])
  }

  @Test("A tombstone ends the feed after the events before it")
  func tombstone() async throws {
    let signals: [SubscriptionSignal] = [confirmed, .events([event(2), event(.deleted, type: .tombstone)])]
    let script = Script(
      pages: [.success(page(0...1, isAtEnd: true))], signals: signals.map { .success($0) })
    let feed = CatchUpFeed(Source(script: script), after: nil, start: 0)
    #expect(try await feed.next()?.events.count == 2)
    #expect(try await feed.next() == FeedBatch(events: [], isLive: true))
    #expect(try await feed.next() == FeedBatch(events: [event(2)], isLive: true))
    let error = await #expect(throws: EventStoreError.self) { try await feed.next() }
    #expect(error?.code == .streamDeleted)
    #expect(error?.stream == "s")
  }

  @Test("An event without its place is an error, not lost")
  func noPlace() async throws {
    let nothing = ResolvedEvent(event: nil)
    let signals: [SubscriptionSignal] = [confirmed, .events([nothing])]
    let script = Script(pages: [], signals: signals.map { .success($0) })
    let feed = CatchUpFeed(Source(script: script), after: 1, start: 0)
    #expect(try await feed.next()?.isLive == true)
    let error = await #expect(throws: EventStoreError.self) { try await feed.next() }
    #expect(error?.code == .protocolViolation)
  }

  @Test("A consumer that was too slow ends the subscription, reads, and subscribes again")
  func slowConsumer() async throws {
    let signals: [SubscriptionSignal] = [confirmed, .gap(.consumerTooSlow), confirmed]
    let script = Script(
      pages: [
        .success(page(0...1, isAtEnd: true)), .success(page(2...2, isAtEnd: true)),
        .success(page(2...3, isAtEnd: true)),
      ],
      signals: signals.map { .success($0) })
    let feed = CatchUpFeed(Source(script: script), after: nil, start: 0)
    #expect(try await feed.next()?.events.count == 2)
    #expect(try await feed.next() == FeedBatch(events: [event(2)], isLive: true))
    #expect(try await feed.next() == FeedBatch(events: [event(3)], isLive: false))
    #expect(try await feed.next() == FeedBatch(events: [], isLive: true))
    #expect(
      await script.calls
        == ["read 0", "subscribe", "wait", "read 2", "wait", "unsubscribe", "read 3", "subscribe", "wait", "read 4"])
  }
}
