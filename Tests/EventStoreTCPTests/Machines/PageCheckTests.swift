import EventStoreCore
import Testing

@testable import EventStoreTCP

@Suite struct PageCheckTests {
  private func all(_ next: Position, from position: Position) -> AllPage {
    AllPage(events: [], position: position, nextPosition: next)
  }

  private func stream(next: EventNumber, isEnd: Bool = false) -> StreamPage {
    StreamPage(status: .found, events: [], nextEventNumber: next, lastEventNumber: 9, isEndOfStream: isEnd)
  }

  @Test("Pages of $all that go on, or stay where they are, are followed")
  func allGoesOn() throws {
    let position = Position(commit: 100, prepare: 100)
    try PageCheck.check(all(position, from: position), .forward, from: position)
    try PageCheck.check(all(Position(commit: 101, prepare: 0), from: position), .forward, from: position)
    try PageCheck.check(all(Position(commit: 99, prepare: 99), from: position), .backward, from: .end)
    try PageCheck.check(all(Position(commit: 0, prepare: 0), from: position), .backward, from: position)
  }

  @Test("A page of $all that would go back, or to the end that only means failure, is refused")
  func allGoesBack() {
    let position = Position(commit: 100, prepare: 100)
    for (next, direction) in [
      (Position(commit: 99, prepare: 100), ReadDirection.forward), (.end, .forward), (.end, .backward),
      (Position(commit: 101, prepare: 0), .backward),
    ] {
      let error = #expect(throws: EventStoreError.self) {
        try PageCheck.check(all(next, from: position), direction, from: position)
      }
      #expect(error?.code == .protocolViolation)
    }
  }

  @Test("Pages of a stream that go on are followed, empty ones too; at the end the next number means nothing")
  func streamGoesOn() throws {
    try PageCheck.check(stream(next: 11), of: "s", .forward, from: 10)
    try PageCheck.check(stream(next: 9), of: "s", .backward, from: 10)
    try PageCheck.check(stream(next: 9), of: "s", .backward, from: .streamEnd)
    try PageCheck.check(stream(next: -1, isEnd: true), of: "s", .backward, from: 3)
    try PageCheck.check(stream(next: 0, isEnd: true), of: "s", .forward, from: .max)
  }

  @Test("A page of a stream that stands still or goes back is refused, as from the largest number of all")
  func streamGoesBack() {
    for (next, direction, from) in [
      (EventNumber(0), ReadDirection.forward, EventNumber.max), (10, .forward, 10), (10, .backward, 10),
      (11, .backward, 10), (-1, .backward, 10),
    ] {
      let error = #expect(throws: EventStoreError.self) {
        try PageCheck.check(stream(next: next), of: "s", direction, from: from)
      }
      #expect(error?.code == .protocolViolation)
      #expect(error?.stream == "s")
    }
  }
}
