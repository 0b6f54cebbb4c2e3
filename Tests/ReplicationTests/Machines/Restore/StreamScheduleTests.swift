import EventStoreCore
import Testing

@testable import Replication

@Suite struct StreamScheduleTests {
  private func schedule(keepsOrder: Bool) -> StreamSchedule {
    let limits = AppendLimits(maximumEvents: 10, maximumBytes: 1000, maximumEventBytes: 100)
    return StreamSchedule(keepsOrder: keepsOrder) { StreamRestoreStateMachine($0, rules: StreamRules(limits: limits)) }
  }

  /// Takes the next step, which must be this one of this stream, and answers it.
  private func take(
    _ expected: String, from schedule: inout StreamSchedule, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let next = schedule.next()
    let work = try #require(next, sourceLocation: sourceLocation)
    #expect("\(work.stream) \(words(work.step))" == expected, sourceLocation: sourceLocation)
    try schedule.answered(work.index, answer(work.step))
  }

  private func expectToWait(_ schedule: inout StreamSchedule, sourceLocation: SourceLocation = #_sourceLocation) {
    let work = schedule.next()
    #expect(work == nil && !schedule.isIdle, sourceLocation: sourceLocation)
  }

  private func expectNothingLeft(_ schedule: inout StreamSchedule, sourceLocation: SourceLocation = #_sourceLocation) {
    let work = schedule.next()
    #expect(work == nil && schedule.isIdle, sourceLocation: sourceLocation)
  }

  private func words(_ step: StreamStep) -> String {
    switch step {
    case .readHead: "head"
    case .append(let batch): "append \(batch.first)-\(batch.last)"
    case .prove(let batch): "prove \(batch.first)-\(batch.last)"
    case .compare(let batch): "compare \(batch.first)-\(batch.last)"
    case .fill(let batch): "fill \(batch.first)-\(batch.last)"
    case .reject(let event, _): "reject \(event.number)"
    }
  }

  private func answer(_ step: StreamStep) -> StreamAnswer {
    switch step {
    case .readHead: .head(TargetHead(last: -1))
    case .append(let batch), .prove(let batch), .fill(let batch):
      .appended(AppendResult(firstEventNumber: batch.first, lastEventNumber: batch.last, position: nil))
    case .compare: .visible([:])
    case .reject: .rejected
    }
  }

  private let mixed = [archived("a", 0), archived("b", 0), archived("a", 1), archived("a", 2), archived("b", 1)]

  @Test("With many appends in flight the events of a stream go together, and streams take turns")
  func manyStreams() throws {
    var schedule = schedule(keepsOrder: false)
    schedule.arrived(mixed.map { QueuedEvent(event: $0, frame: 0) })
    try take("a head", from: &schedule)
    try take("b head", from: &schedule)
    try take("a append 0-2", from: &schedule)
    try take("b append 0-1", from: &schedule)
    expectNothingLeft(&schedule)
    expect(schedule.takeFindings().appended, is: 5)
  }

  @Test("Where the archive's order is kept, only neighbouring events of a stream go together")
  func order() throws {
    var schedule = schedule(keepsOrder: true)
    schedule.arrived(mixed.map { QueuedEvent(event: $0, frame: 0) })
    for step in ["a head", "a append 0-0", "b head", "b append 0-0", "a append 1-2", "b append 1-1"] {
      try take(step, from: &schedule)
    }
    expectNothingLeft(&schedule)
  }

  @Test("Where the archive's order is kept, nothing begins before what is in front of it has ended")
  func oneAtATime() throws {
    var schedule = schedule(keepsOrder: true)
    schedule.arrived(mixed.map { QueuedEvent(event: $0, frame: 0) })
    let next = schedule.next()
    let work = try #require(next)
    expectToWait(&schedule)
    try schedule.answered(work.index, answer(work.step))
    try take("a append 0-0", from: &schedule)
  }

  @Test("A stream never has two steps under way, however many of its events arrive")
  func oneAStream() throws {
    var schedule = schedule(keepsOrder: false)
    schedule.arrived([QueuedEvent(event: archived("a", 0), frame: 0)])
    let next = schedule.next()
    let work = try #require(next)
    schedule.arrived([QueuedEvent(event: archived("a", 1), frame: 1)])
    expectToWait(&schedule)
    try schedule.answered(work.index, answer(work.step))
    try take("a append 0-1", from: &schedule)
    expect(schedule.takeFindings().settledFrames, is: [0, 1])
  }
}

@Suite struct FrameWindowTests {
  @Test("A frame stays until its events and those of all frames before it are dealt with, and then gives its links")
  func order() {
    var window = FrameWindow()
    let link = LinkTarget(stream: "s", number: 4)
    window.opened(unsettled: 2, links: [])
    window.opened(unsettled: 1, links: [link])
    window.opened(unsettled: 1, links: [])
    expect(window.settled([1]), is: [])
    #expect(window.count == 3 && window.nextFrame == 3)
    expect(window.settled([0]), is: [])
    expect(window.settled([0]), is: [link])
    #expect(window.count == 1)
    expect(window.settled([2]), is: [])
    #expect(window.count == 0 && window.nextFrame == 3)
  }

  @Test("A frame without events to write is done at once")
  func empty() {
    var window = FrameWindow()
    window.opened(unsettled: 0, links: [])
    expect(window.settled([]), is: [])
    #expect(window.count == 0 && window.nextFrame == 1)
  }
}
