import EventStoreCore
import TestSupport
import Testing

@testable import EventStoreTCP

@Suite("Catch-up machine")
struct CatchUpStateMachineTests {
  private typealias Machine = CatchUpStateMachine<EventNumber>

  private func event(_ number: EventNumber) -> PlacedEvent<EventNumber> {
    let event = RecordedEvent(
      stream: "s", number: number, id: EventID(high: 1, low: UInt64(number)), type: "t", isJSON: false, data: "",
      created: Timestamp(ticks: number))
    return PlacedEvent(place: number, event: ResolvedEvent(event: event))
  }

  private func page(
    _ numbers: ClosedRange<EventNumber>? = nil, next: EventNumber, isAtEnd: Bool = false
  ) -> HistoryPage<EventNumber> {
    HistoryPage(events: numbers?.map(event) ?? [], next: next, isAtEnd: isAtEnd)
  }

  private func batch(_ numbers: ClosedRange<EventNumber>? = nil, isLive: Bool) -> Machine.Action {
    .deliver(FeedBatch(events: numbers?.map { event($0).event } ?? [], isLive: isLive))
  }

  /// A machine that has delivered 0 to 4 and is live.
  private func liveMachine() -> Machine {
    var machine = Machine(after: nil, start: 0)
    #expect(machine.pageRead(page(0...4, next: 5, isAtEnd: true)) == batch(0...4, isLive: false))
    #expect(machine.eventsWanted() == .subscribe)
    #expect(machine.subscribed() == .awaitSignal)
    #expect(machine.signalReceived(.confirmed(.at(4))) == .read(from: 5))
    #expect(machine.pageRead(page(next: 5, isAtEnd: true)) == batch(isLive: true))
    return machine
  }

  @Test("History comes first, page by page; then the subscription; then what was written meanwhile; then live events")
  func wholeWay() {
    var machine = Machine(after: nil, start: 0)
    #expect(machine.eventsWanted() == .read(from: 0))
    #expect(machine.pageRead(page(0...1, next: 2)) == batch(0...1, isLive: false))
    #expect(machine.eventsWanted() == .read(from: 2))
    #expect(machine.pageRead(page(2...2, next: 3, isAtEnd: true)) == batch(2...2, isLive: false))
    #expect(machine.eventsWanted() == .subscribe)
    #expect(machine.subscribed() == .awaitSignal)
    // 3 and 4 were written before the server confirmed, 5 after it.
    #expect(machine.signalReceived(.confirmed(.at(4))) == .read(from: 3))
    #expect(machine.pageRead(page(3...3, next: 4)) == batch(3...3, isLive: false))
    #expect(machine.eventsWanted() == .read(from: 4))
    #expect(machine.pageRead(page(4...5, next: 6)) == batch(4...5, isLive: true))
    // The subscription brings 5 too, which the read had already given.
    #expect(machine.eventsWanted() == .awaitSignal)
    #expect(machine.signalReceived(.events([event(5)])) == .awaitSignal)
    #expect(machine.signalReceived(.events([event(6), event(7)])) == batch(6...7, isLive: true))
  }

  @Test("A feed begins after the last event that its consumer has")
  func resumed() {
    var machine = Machine(after: 41, start: 0)
    #expect(machine.eventsWanted() == .read(from: 42))
    #expect(machine.pageRead(page(42...42, next: 43)) == batch(42...42, isLive: false))
  }

  @Test("A read of $all gives the event that the position names once more, and it is left out")
  func resumedAll() {
    let known = Position(commit: 10, prepare: 10)
    let other = Position(commit: 20, prepare: 20)
    func placed(_ position: Position) -> PlacedEvent<Position> {
      PlacedEvent(place: position, event: ResolvedEvent(event: nil, link: nil, position: position))
    }
    var machine = CatchUpStateMachine<Position>(after: known, start: .start)
    #expect(machine.eventsWanted() == .read(from: known))
    let page = HistoryPage(
      events: [placed(known), placed(other)], next: Position(commit: 30, prepare: 0), isAtEnd: false)
    #expect(machine.pageRead(page) == .deliver(FeedBatch(events: [placed(other).event], isLive: false)))
    #expect(machine.eventsWanted() == .read(from: Position(commit: 30, prepare: 0)))
  }

  @Test("An empty page before the end is followed, not delivered")
  func emptyPage() {
    var machine = Machine(after: nil, start: 0)
    #expect(machine.pageRead(page(next: 100)) == .read(from: 100))
    #expect(machine.pageRead(page(next: 100, isAtEnd: true)) == .subscribe)
  }

  @Test("A page that does not lead on ends the feed instead of being read for ever")
  func stuckPage() {
    var machine = Machine(after: 9, start: 0)
    #expect(machine.pageRead(page(next: 10)) == .fail("a page of the history does not lead on"))
    #expect(machine.eventsWanted() == .end)
  }

  @Test("When the server does not say where a subscription began, only the end of the history will do")
  func unknownConfirmation() {
    var machine = Machine(after: nil, start: 0)
    #expect(machine.pageRead(page(next: 0, isAtEnd: true)) == .subscribe)
    #expect(machine.subscribed() == .awaitSignal)
    #expect(machine.signalReceived(.confirmed(.unknown)) == .read(from: 0))
    #expect(machine.pageRead(page(0...9, next: 10)) == batch(0...9, isLive: false))
    #expect(machine.pageRead(page(next: 10, isAtEnd: true)) == batch(isLive: true))
  }

  @Test("After a lost connection the gap is read, from the last delivered event to where the subscription was renewed")
  func lostConnection() {
    var machine = liveMachine()
    #expect(machine.signalReceived(.events([event(5)])) == batch(5...5, isLive: true))
    #expect(machine.signalReceived(.connectionLost) == .awaitSignal)
    #expect(machine.signalReceived(.confirmed(.at(7))) == .read(from: 6))
    #expect(machine.pageRead(page(6...8, next: 9)) == batch(6...8, isLive: true))
    #expect(machine.signalReceived(.events([event(8), event(9)])) == batch(9...9, isLive: true))
  }

  @Test("Events between a gap and its confirmation are not delivered out of order")
  func eventsInsideGap() {
    var machine = liveMachine()
    #expect(machine.signalReceived(.connectionLost) == .awaitSignal)
    #expect(machine.signalReceived(.events([event(9)])) == .awaitSignal)
    #expect(machine.signalReceived(.connectionLost) == .awaitSignal)
    #expect(machine.signalReceived(.confirmed(.at(9))) == .read(from: 5))
    #expect(machine.pageRead(page(5...9, next: 10)) == batch(5...9, isLive: true))
  }

  @Test("A connection that is lost again while the gap is read starts again from the last delivered event")
  func lostAgain() {
    var machine = liveMachine()
    #expect(machine.signalReceived(.connectionLost) == .awaitSignal)
    #expect(machine.signalReceived(.confirmed(.at(20))) == .read(from: 5))
    #expect(machine.pageRead(page(5...20, next: 21)) == batch(5...20, isLive: true))
    #expect(machine.signalReceived(.connectionLost) == .awaitSignal)
    #expect(machine.signalReceived(.confirmed(.at(20))) == .read(from: 21))
    #expect(machine.pageRead(page(next: 21, isAtEnd: true)) == batch(isLive: true))
  }

  @Test("A consumer that is too slow goes back to reads, and subscribes again when it has caught up")
  func slowConsumer() {
    var machine = liveMachine()
    #expect(machine.signalReceived(.events([event(5), event(6)])) == batch(5...6, isLive: true))
    #expect(machine.signalReceived(.consumerTooSlow) == .unsubscribe)
    #expect(machine.unsubscribed() == .read(from: 7))
    #expect(machine.pageRead(page(7...9, next: 10)) == batch(7...9, isLive: false))
    #expect(machine.pageRead(page(next: 10, isAtEnd: true)) == .subscribe)
    #expect(machine.subscribed() == .awaitSignal)
    #expect(machine.signalReceived(.confirmed(.at(9))) == .read(from: 10))
    #expect(machine.pageRead(page(next: 10, isAtEnd: true)) == batch(isLive: true))
  }

  @Test("A task that was cancelled in a wait asks for the same again")
  func askedAgain() {
    var machine = Machine(after: nil, start: 0)
    #expect(machine.eventsWanted() == machine.eventsWanted())
    _ = machine.pageRead(page(next: 0, isAtEnd: true))
    #expect(machine.eventsWanted() == .subscribe)
    #expect(machine.eventsWanted() == .subscribe)
    _ = machine.subscribed()
    #expect(machine.eventsWanted() == .awaitSignal)
    _ = machine.signalReceived(.confirmed(.at(3)))
    #expect(machine.eventsWanted() == .read(from: 0))
  }

  @Test("After the close whatever comes is the end, and a subscription that comes late is ended")
  func closed() {
    var machine = Machine(after: nil, start: 0)
    machine.closed()
    #expect(machine.eventsWanted() == .end)
    #expect(machine.pageRead(page(0...1, next: 2)) == .end)
    #expect(machine.signalReceived(.connectionLost) == .end)
    #expect(machine.subscribed() == .unsubscribe)
    #expect(machine.unsubscribed() == .end)
  }

  @Test("A gap-free order comes out of any interleaving of pages, live events, losses and slowness", arguments: 1...200)
  func anyInterleaving(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var machine = Machine(after: nil, start: 0)
    var written: EventNumber = 0
    var liveFrom: EventNumber?
    var delivered: [EventNumber] = []
    var action = machine.eventsWanted()
    for _ in 0..<400 {
      written += .random(in: 0...2, using: &random)
      switch action {
      case .read(let from):
        let end = max(from, min(written, from + .random(in: 1...3, using: &random)))
        action = machine.pageRead(HistoryPage(events: (from..<end).map(event), next: end, isAtEnd: end >= written))
      case .subscribe:
        action = machine.subscribed()
        liveFrom = nil
      case .awaitSignal:
        switch (liveFrom, Int.random(in: 0..<8, using: &random)) {
        case (nil, _):
          liveFrom = written
          action = machine.signalReceived(.confirmed(.at(written - 1)))
        case (_, 0):
          liveFrom = nil
          action = machine.signalReceived(.connectionLost)
        case (_, 1):
          liveFrom = nil
          action = machine.signalReceived(.consumerTooSlow)
        case (let from?, _):
          let end = min(written, from + 2)
          liveFrom = end
          action = machine.signalReceived(.events((from..<end).map(event)))
        }
      case .unsubscribe: action = machine.unsubscribed()
      case .deliver(let batch):
        delivered += batch.events.compactMap { $0.event?.number }
        action = machine.eventsWanted()
      case .fail(let message):
        Issue.record("\(message), seed \(seed)")
        return
      case .end:
        Issue.record("ended, seed \(seed)")
        return
      }
    }
    #expect(delivered == Array(0..<EventNumber(delivered.count)), "seed \(seed)")
    #expect(delivered.count > 50)
  }
}
