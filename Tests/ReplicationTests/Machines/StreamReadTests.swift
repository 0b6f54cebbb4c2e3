import EventStoreCore
import Replication
import Testing

@Suite struct StreamReadStateMachineTests {
  private func page(
    _ numbers: [EventNumber], next: EventNumber, last: EventNumber, isEnd: Bool = false,
    status: StreamPage.Status = .found
  ) -> StreamPage {
    StreamPage(
      status: status, events: numbers.map { numbered($0) }, nextEventNumber: next, lastEventNumber: last,
      isEndOfStream: isEnd)
  }

  @Test("A stream is read from 0 page by page to its end")
  func fromTheStart() throws {
    var machine = StreamReadStateMachine("s", after: nil, until: 3)
    expect(machine.nextNumber, is: 0)
    let first = try machine.pageArrived(page([0, 1], next: 2, last: 3))
    #expect(first.taken.map(\.number) == [0, 1] && first.next == .read(from: 2))
    let second = try machine.pageArrived(page([2, 3], next: 4, last: 3, isEnd: true))
    #expect(second.taken.map(\.number) == [2, 3] && second.next == .end)
    expect(machine.reached, is: 3)
  }

  @Test("A resume begins after the last archived event")
  func resume() throws {
    var machine = StreamReadStateMachine("s", after: 4, until: 6)
    expect(machine.nextNumber, is: 5)
    let verdict = try machine.pageArrived(page([4, 5, 6], next: 7, last: 6, isEnd: true))
    #expect(verdict.taken.map(\.number) == [5, 6])
  }

  @Test("Gaps are data, a stream may begin late, and empty pages before the end lead on")
  func gaps() throws {
    var machine = StreamReadStateMachine("s", after: nil, until: 1003)
    let empty = try machine.pageArrived(page([], next: 1000, last: 1003))
    #expect(empty.taken.isEmpty && empty.next == .read(from: 1000))
    let verdict = try machine.pageArrived(page([1000, 1003], next: 1004, last: 1003, isEnd: true))
    #expect(verdict.taken.map(\.number) == [1000, 1003] && verdict.next == .end)
  }

  @Test("What is written after the run began is not read, though a page brings it")
  func stopsAtTheEnd() throws {
    var machine = StreamReadStateMachine("s", after: nil, until: 2)
    let verdict = try machine.pageArrived(page([0, 1, 2, 3], next: 4, last: 9))
    #expect(verdict.taken.map(\.number) == [0, 1, 2] && verdict.next == .end)
  }

  @Test("A stream that was deleted meanwhile has nothing more", arguments: [StreamPage.Status.noStream, .deleted])
  func deleted(status: StreamPage.Status) throws {
    var machine = StreamReadStateMachine("s", after: 1, until: 5)
    let verdict = try machine.pageArrived(page([], next: -1, last: -1, isEnd: true, status: status))
    #expect(verdict.taken.isEmpty && verdict.next == .end)
    expect(machine.reached, is: 1)
  }

  @Test("An event read from a stream is archived without a position, whatever the source says")
  func positions() throws {
    var event = numbered(0)
    event.event?.position = at(7)
    var machine = StreamReadStateMachine("s", after: nil, until: 0)
    let verdict = try machine.pageArrived(
      StreamPage(status: .found, events: [event], nextEventNumber: 1, lastEventNumber: 0, isEndOfStream: true))
    #expect(verdict.taken.map(\.position) == [nil])
  }

  @Test("A page that leads back, or brings another stream's event, is refused")
  func refusesNonsense() {
    var machine = StreamReadStateMachine("s", after: 4, until: 9)
    let back = #expect(throws: ReplicationError.self) { try machine.pageArrived(page([5], next: 5, last: 9)) }
    #expect(back?.code == .unexpectedAnswer && back?.stream == "s")
    var other = StreamReadStateMachine("other", after: nil, until: 9)
    let foreign = #expect(throws: ReplicationError.self) { try other.pageArrived(page([0], next: 1, last: 9)) }
    #expect(foreign?.code == .unexpectedAnswer)
  }

  @Test("A feed's events are taken once, in order")
  func feed() throws {
    var machine = StreamReadStateMachine("s", after: 1, until: nil)
    #expect(try machine.take([numbered(1), numbered(2)]).map(\.number) == [2])
    #expect(try machine.take([numbered(2), numbered(3)]).map(\.number) == [3])
    expect(machine.nextNumber, is: 4)
  }

  @Test("A tombstone's number, the largest there is, ends the numbers without an overflow")
  func tombstone() throws {
    var machine = StreamReadStateMachine("s", after: nil, until: nil)
    #expect(try machine.take([numbered(.deleted)]).map(\.number) == [.deleted])
    expect(machine.nextNumber, is: .max)
  }

  @Test("Passing over an event that cannot be read goes on with the next number, and ends at the end")
  func passedOver() throws {
    var machine = StreamReadStateMachine("s", after: 1, until: 3)
    expect(machine.passedOver(), is: .read(from: 3))
    expect(machine.reached, is: 2)
    expect(machine.passedOver(), is: .end)
    var open = StreamReadStateMachine("s", after: .max - 1, until: nil)
    expect(open.passedOver(), is: .read(from: .max))
  }
}
