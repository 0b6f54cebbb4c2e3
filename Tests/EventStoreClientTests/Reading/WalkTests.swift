import EventStoreCore
import Testing

@testable import EventStoreClient

/// What decides where an iteration reads next, without a server.
@Suite("Walks of iterations")
struct WalkTests {
  private func event(_ number: EventNumber, at commit: Int64 = 0, prepare: Int64 = 0) -> ResolvedEvent {
    let position = Position(commit: commit, prepare: prepare)
    return ResolvedEvent(
      event: RecordedEvent(
        stream: "s", number: number, id: EventID(), type: "t", isJSON: false, data: "", created: Timestamp(ticks: 0)),
      position: position)
  }

  private func page(
    _ numbers: [EventNumber], next: EventNumber, last: EventNumber, isEnd: Bool = false
  ) -> StreamPage {
    StreamPage(
      status: .found, events: numbers.map { event($0) }, nextEventNumber: next, lastEventNumber: last,
      isEndOfStream: isEnd)
  }

  @Test("An empty page before the end, as a truncated stream gives, is passed over")
  func emptyPage() {
    var walk = StreamWalk(.forward, from: 0)
    #expect(walk.next == 0)
    #expect(walk.pageRead(page([], next: 100, last: 101)).isEmpty)
    #expect(walk.next == 100)
    #expect(walk.pageRead(page([100, 101], next: 102, last: 101, isEnd: true)).map(\.number) == [100, 101])
    #expect(walk.next == nil)
  }

  @Test("Forward a walk ends with what was the last event at its first page, backward at the beginning")
  func growing() {
    var walk = StreamWalk(.forward, from: 0)
    #expect(walk.pageRead(page([0, 1], next: 2, last: 2)).map(\.number) == [0, 1])
    #expect(walk.pageRead(page([2, 3], next: 4, last: 9)).map(\.number) == [2])
    #expect(walk.next == nil)
    walk = StreamWalk(.backward, from: .streamEnd)
    #expect(walk.pageRead(page([5, 4], next: 3, last: 5)).map(\.number) == [5, 4])
    #expect(walk.next == 3)
    #expect(walk.pageRead(page([3], next: -1, last: 9, isEnd: true)).map(\.number) == [3])
    #expect(walk.next == nil)
  }

  @Test("All events of the last commit are wanted, also those whose prepare positions go back, and none after it")
  func transaction() {
    let last = Position(commit: 20, prepare: 5)
    var walk = AllWalk(.forward, from: .start, upTo: last)
    let events = [event(0, at: 10, prepare: 10), event(1, at: 20, prepare: 7), event(2, at: 20, prepare: 5)]
    let first = AllPage(events: events, position: .start, nextPosition: Position(commit: 20, prepare: 6))
    #expect(walk.pageRead(first) == events)
    #expect(walk.next == Position(commit: 20, prepare: 6))
    let more = [event(3, at: 20, prepare: 6), event(4, at: 30, prepare: 30)]
    let second = AllPage(
      events: more, position: Position(commit: 20, prepare: 6), nextPosition: Position(commit: 40, prepare: 0))
    #expect(walk.pageRead(second) == [more[0]])
    #expect(walk.next == nil)
  }

  @Test("A walk of $all ends where the next position stays, and does not begin in an empty log")
  func end() {
    var walk = AllWalk(.backward, from: .end, upTo: nil)
    let events = [event(0, at: 10, prepare: 10)]
    let place = Position(commit: 50, prepare: 50)
    let start = Position(commit: 10, prepare: 10)
    #expect(walk.pageRead(AllPage(events: events, position: place, nextPosition: start)) == events)
    #expect(walk.next == start)
    #expect(walk.pageRead(AllPage(events: [], position: start, nextPosition: start)).isEmpty)
    #expect(walk.next == nil)
    #expect(AllWalk(.forward, from: .start, upTo: nil).next == nil)
  }
}
