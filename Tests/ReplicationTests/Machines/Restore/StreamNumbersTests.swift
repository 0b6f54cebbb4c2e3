import EventStoreCore
import Testing

@testable import Replication

@Suite("The restore of one stream whose numbers would change") struct StreamNumbersTests {
  private let limits = AppendLimits(maximumEvents: 4, maximumBytes: 1000, maximumEventBytes: 100)

  private func machine(
    _ mode: RestoreNumbers, _ numbers: [EventNumber], large: EventNumber? = nil, maximumFillers: EventNumber = 100,
    isDryRun: Bool = false
  ) -> StreamRestoreStateMachine {
    let events = numbers.map { queued($0, bytes: $0 == large ? 101 : 10) }
    var shape = StreamShape()
    for event in events where mode != .renumber || event.event.number != large { shape.add(event.event) }
    var machine = StreamRestoreStateMachine("s", shape: shape, rules: rules(mode, maximumFillers, isDryRun))
    machine.arrived(events)
    return machine
  }

  private func rules(
    _ mode: RestoreNumbers, _ maximumFillers: EventNumber = 100, _ isDryRun: Bool = false
  ) -> StreamRules {
    StreamRules(
      limits: limits, numbers: mode, fillers: Fillers(archive: id(9), maximum: maximumFillers), isDryRun: isDryRun)
  }

  private func refused(_ refusal: StreamRefusal, _ code: EventStoreError.Code) -> StreamAnswer {
    .refused(refusal, EventStoreError(code, "no"))
  }

  // MARK: Renumber

  @Test("Events are appended under their new numbers, whatever holes are between them")
  func renumbers() throws {
    var machine = machine(.renumber, [5, 6, 9, 20, 21])
    expect(machine.nextStep(), is: .readHead)
    try machine.answered(.head(TargetHead(last: -1)))
    expect(machine.nextStep(), is: .append(batch(0, [5, 6, 9, 20])))
    #expect(batch(0, [5]).expected == .noStream)
    try machine.answered(appended(0...3))
    expect(machine.nextStep(), is: .append(batch(4, [21])))
    try machine.answered(appended(4...4))
    #expect(machine.summary.lastSettled == 4 && machine.summary.lastArrived == 4)
  }

  @Test("What the target has is proven under its new numbers")
  func provesRenumbered() throws {
    var machine = machine(.renumber, [5, 6, 9])
    expect(machine.nextStep(), is: .readHead)
    try machine.answered(.head(TargetHead(last: 1)))
    expect(machine.nextStep(), is: .prove(batch(0, [5, 6])))
    try machine.answered(appended(0...1))
    expect(machine.nextStep(), is: .append(batch(2, [9])))
  }

  @Test("An append that comes too late gives its numbers back")
  func renumbersAgain() throws {
    var machine = machine(.renumber, [5, 6, 9])
    expect(machine.nextStep(), is: .readHead)
    try machine.answered(.head(TargetHead(last: -1)))
    expect(machine.nextStep(), is: .append(batch(0, [5, 6, 9])))
    try machine.answered(refused(.wrongVersion, .wrongExpectedVersion))
    expect(machine.nextStep(), is: .readHead)
    try machine.answered(.head(TargetHead(last: 0)))
    expect(machine.nextStep(), is: .prove(batch(0, [5])))
    try machine.answered(appended(0...0))
    expect(machine.nextStep(), is: .append(batch(1, [6, 9])))
  }

  @Test("A rejected event takes no number, and what follows closes up")
  func renumberRejects() throws {
    var machine = machine(.renumber, [5, 6, 7], large: 6)
    expect(machine.nextStep(), is: .readHead)
    try machine.answered(.head(TargetHead(last: -1)))
    expect(machine.nextStep(), is: .append(batch(0, [5])))
    try machine.answered(appended(0...0))
    guard case .reject(let event, _)? = machine.nextStep() else {
      Issue.record("not rejected")
      return
    }
    #expect(event.number == 6)
    try machine.answered(.rejected)
    expect(machine.nextStep(), is: .append(batch(1, [7])))
    try machine.answered(appended(1...1))
    let findings = machine.takeFindings()
    #expect(findings.rejected == 1 && findings.appended == 2 && findings.settledFrames.count == 3)
    #expect(machine.summary.ending == nil && machine.summary.lastArrived == 1 && machine.summary.closedUp == 0)
  }

  @Test("An event that was refused before is found by halves in the proof, rejected again, and the rest is proven")
  func renumberProvesAroundRejects() throws {
    var machine = machine(.renumber, [5, 6, 7])
    expect(machine.nextStep(), is: .readHead)
    // The target has 5 and 7, as 0 and 1.
    try machine.answered(.head(TargetHead(last: 1)))
    expect(machine.nextStep(), is: .prove(batch(0, [5, 6])))
    try machine.answered(refused(.unacceptable, .badRequest))
    expect(machine.nextStep(), is: .prove(batch(0, [5])))
    try machine.answered(appended(0...0))
    expect(machine.nextStep(), is: .prove(batch(1, [6])))
    try machine.answered(refused(.unacceptable, .badRequest))
    expect(machine.nextStep(), is: .compare(batch(1, [6])))
    try machine.answered(.visible([1: id(7)]))
    guard case .reject(let event, _)? = machine.nextStep() else {
      Issue.record("not rejected")
      return
    }
    #expect(event.number == 6)
    try machine.answered(.rejected)
    expect(machine.nextStep(), is: .prove(batch(1, [7])))
    try machine.answered(appended(1...1))
    expect(machine.nextStep(), is: nil)
    let findings = machine.takeFindings()
    #expect(findings.alreadyThere == 2 && findings.rejected == 1 && findings.appended == 0)
    #expect(machine.summary.closedUp == 1 && machine.summary.lastSettled == machine.summary.lastArrived)
  }

  @Test("An event that the target refuses now and has all the same is there")
  func renumberKeepsOld() throws {
    var machine = machine(.renumber, [5])
    expect(machine.nextStep(), is: .readHead)
    try machine.answered(.head(TargetHead(last: 0)))
    expect(machine.nextStep(), is: .prove(batch(0, [5])))
    try machine.answered(refused(.unacceptable, .badRequest))
    expect(machine.nextStep(), is: .compare(batch(0, [5])))
    try machine.answered(.visible([0: id(5)]))
    expect(machine.nextStep(), is: nil)
    #expect(machine.takeFindings().alreadyThere == 1)
  }

  @Test("Another event in the place of one that the target takes is a conflict")
  func renumberConflict() throws {
    var machine = machine(.renumber, [5, 6])
    expect(machine.nextStep(), is: .readHead)
    try machine.answered(.head(TargetHead(last: 1)))
    expect(machine.nextStep(), is: .prove(batch(0, [5, 6])))
    try machine.answered(refused(.wrongVersion, .wrongExpectedVersion))
    expect(machine.nextStep(), is: .compare(batch(0, [5, 6])))
    try machine.answered(.visible([0: id(5), 1: id(7)]))
    expect(machine.nextStep(), is: nil)
    #expect(machine.summary.ending == .conflict)
  }

  // MARK: Preserve

  @Test("Holes are filled, as many fillers at a time as an append has, before the event behind them")
  func preserves() throws {
    var machine = machine(.preserve, [5, 6, 8])
    expect(machine.nextStep(), is: .readHead)
    try machine.answered(.head(TargetHead(last: -1)))
    expect(machine.nextStep(), is: .fill(fillers(0...3)))
    try machine.answered(appended(0...3))
    expect(machine.nextStep(), is: .fill(fillers(4...4)))
    try machine.answered(appended(4...4))
    expect(machine.nextStep(), is: .append(batch(5, [5, 6])))
    try machine.answered(appended(5...6))
    expect(machine.nextStep(), is: .fill(fillers(7...7)))
    try machine.answered(appended(7...7))
    expect(machine.nextStep(), is: .append(batch(8, [8])))
    try machine.answered(appended(8...8))
    let findings = machine.takeFindings()
    #expect(findings.fillers == 6 && findings.appended == 3 && findings.settledFrames.count == 3)
  }

  @Test("A target that ends in a hole is filled from there, also when somebody was quicker")
  func fillsOn() throws {
    var machine = machine(.preserve, [5])
    expect(machine.nextStep(), is: .readHead)
    try machine.answered(.head(TargetHead(last: 2)))
    expect(machine.nextStep(), is: .fill(fillers(3...4)))
    try machine.answered(refused(.wrongVersion, .wrongExpectedVersion))
    expect(machine.nextStep(), is: .readHead)
    try machine.answered(.head(TargetHead(last: 3)))
    expect(machine.nextStep(), is: .fill(fillers(4...4)))
    try machine.answered(appended(4...4))
    expect(machine.nextStep(), is: .append(batch(5, [5])))
  }

  @Test("More fillers than allowed refuse the stream untouched; what the target has does not count")
  func cap() throws {
    var fresh = machine(.preserve, [0, 4, 8], maximumFillers: 5)
    expect(fresh.nextStep(), is: .readHead)
    try fresh.answered(.head(TargetHead(last: -1)))
    expect(fresh.nextStep(), is: nil)
    let findings = fresh.takeFindings()
    #expect(findings.notWritten == 3 && findings.issues.map(\.kind) == [.numbersWouldChange])
    #expect(findings.issues.first?.detail == "it would take 6 fillers, more than 5")

    var begun = machine(.preserve, [0, 4, 8], maximumFillers: 5)
    expect(begun.nextStep(), is: .readHead)
    try begun.answered(.head(TargetHead(last: 1)))
    expect(begun.nextStep(), is: .prove(batch(0, [0])))
  }

  @Test("A rejected event is replaced by the filler of its number, in one append with what follows")
  func preserveRejects() throws {
    var machine = machine(.preserve, [0, 1, 2], large: 1)
    expect(machine.nextStep(), is: .readHead)
    try machine.answered(.head(TargetHead(last: -1)))
    expect(machine.nextStep(), is: .append(batch(0, [0])))
    try machine.answered(appended(0...0))
    guard case .reject? = machine.nextStep() else {
      Issue.record("not rejected")
      return
    }
    try machine.answered(.rejected)
    let mixed = AppendBatch(first: 1, events: [rules(.preserve).fillers.filler(1, of: "s"), queued(2)])
    expect(machine.nextStep(), is: .append(mixed))
    try machine.answered(appended(1...2))
    let findings = machine.takeFindings()
    #expect(findings.appended == 2 && findings.fillers == 1 && findings.rejected == 1)
    #expect(findings.settledFrames.count == 3)
  }

  @Test("A filler in the place of an event says that it was rejected before: it is again, and the rest is proven")
  func fillerThere() throws {
    var machine = machine(.preserve, [0, 1, 2])
    expect(machine.nextStep(), is: .readHead)
    try machine.answered(.head(TargetHead(last: 2)))
    expect(machine.nextStep(), is: .prove(batch(0, [0, 1, 2])))
    try machine.answered(refused(.wrongVersion, .wrongExpectedVersion))
    expect(machine.nextStep(), is: .compare(batch(0, [0, 1, 2])))
    let filler = rules(.preserve).fillers.filler(1, of: "s")
    try machine.answered(.visible([0: id(0), 1: filler.event.id, 2: id(2)]))
    guard case .reject(let event, let reason)? = machine.nextStep() else {
      Issue.record("not rejected")
      return
    }
    #expect(event.number == 1 && reason.contains("filler"))
    try machine.answered(.rejected)
    expect(machine.nextStep(), is: .prove(AppendBatch(first: 1, events: [filler, queued(2)])))
    try machine.answered(appended(1...2))
    let findings = machine.takeFindings()
    #expect(findings.alreadyThere == 2 && findings.rejected == 1 && findings.fillers == 0 && findings.appended == 0)
  }

  @Test("An event too large now is looked for on the target before it is rejected")
  func largeThere() throws {
    var machine = machine(.preserve, [0, 1], large: 0)
    expect(machine.nextStep(), is: .readHead)
    try machine.answered(.head(TargetHead(last: 1)))
    guard case .compare(let batch)? = machine.nextStep() else {
      Issue.record("not compared")
      return
    }
    #expect(batch.events.map(\.event.number) == [0, 1])
    try machine.answered(.visible([0: id(0), 1: id(1)]))
    expect(machine.nextStep(), is: nil)
    #expect(machine.takeFindings().alreadyThere == 2)
  }

  @Test("With strict numbers a filler is another event, and a conflict")
  func strictFiller() throws {
    var machine = StreamRestoreStateMachine("s", rules: rules(.strict))
    machine.arrived([queued(0)])
    expect(machine.nextStep(), is: .readHead)
    try machine.answered(.head(TargetHead(last: 0)))
    expect(machine.nextStep(), is: .prove(batch(0, [0])))
    try machine.answered(refused(.wrongVersion, .wrongExpectedVersion))
    expect(machine.nextStep(), is: .compare(batch(0, [0])))
    try machine.answered(.visible([0: rules(.preserve).fillers.id(0, of: "s")]))
    #expect(machine.summary.ending == .conflict)
  }

  @Test("Where a tombstone is wanted, a hard-deleted stream is as it should be, and its events count as its own")
  func expectedTombstone() throws {
    var rules = rules(.strict)
    rules.expectsTombstone = true
    var machine = StreamRestoreStateMachine("s", rules: rules)
    machine.arrived([queued(0), queued(1)])
    expect(machine.nextStep(), is: .readHead)
    try machine.answered(.head(TargetHead(last: .deleted)))
    expect(machine.nextStep(), is: nil)
    machine.arrived([queued(2)])
    let findings = machine.takeFindings()
    #expect(findings.deleted == 3 && findings.issues.isEmpty && machine.summary.ending == .deleted)
  }

  // MARK: Words

  private func appended(_ numbers: ClosedRange<EventNumber>) -> StreamAnswer {
    .appended(
      AppendResult(firstEventNumber: numbers.lowerBound, lastEventNumber: numbers.upperBound, position: nil))
  }

  private func batch(_ first: EventNumber, _ numbers: [EventNumber]) -> AppendBatch {
    AppendBatch(first: first, events: numbers.map { queued($0) })
  }

  private func fillers(_ numbers: ClosedRange<EventNumber>) -> AppendBatch {
    AppendBatch(first: numbers.lowerBound, events: numbers.map { rules(.preserve).fillers.filler($0, of: "s") })
  }

  private func queued(_ number: EventNumber, bytes: Int = 10) -> QueuedEvent {
    var event = archived("s", number)
    event.data = Bytes(repeatElement(UInt8(ascii: "x"), count: bytes))
    return QueuedEvent(event: event, frame: 0)
  }
}
