import EventStoreCore
import Testing

@testable import Replication

@Suite struct StreamRestoreStateMachineTests {
  private let limits = AppendLimits(maximumEvents: 3, maximumBytes: 1000, maximumEventBytes: 100)

  private func machine(
    _ numbers: ClosedRange<EventNumber>, shape: StreamShape? = nil, isDryRun: Bool = false
  ) -> StreamRestoreStateMachine {
    var machine = StreamRestoreStateMachine(
      "s", shape: shape, rules: StreamRules(limits: limits, isDryRun: isDryRun))
    machine.arrived(numbers.map { queued($0) })
    return machine
  }

  private func refused(_ refusal: StreamRefusal, _ code: EventStoreError.Code) -> StreamAnswer {
    .refused(refusal, EventStoreError(code, "no"))
  }

  @Test("A stream that the target does not have is appended from no stream on, as much at a time as allowed")
  func newStream() throws {
    var machine = machine(0...3)
    expect(machine.nextStep(), is: .readHead)
    expect(machine.nextStep(), is: nil)
    try machine.answered(.head(TargetHead(last: -1)))
    expect(machine.nextStep(), is: .append(batch(0...2)))
    #expect(batch(0...2).expected == .noStream)
    try machine.answered(appended(0...2))
    expect(machine.nextStep(), is: .append(batch(3...3)))
    #expect(batch(3...3).expected == .exactly(2))
    try machine.answered(appended(3...3))
    expect(machine.nextStep(), is: nil)
    expect(machine.takeFindings().appended, is: 4)
    expect(machine.takeFindings(), is: StreamFindings())
  }

  @Test("What the target has is proven with its first expected version, split at the target's last number")
  func continued() throws {
    var machine = machine(0...5)
    expect(machine.nextStep(), is: .readHead)
    try machine.answered(.head(TargetHead(last: 3)))
    expect(machine.nextStep(), is: .prove(batch(0...2)))
    try machine.answered(appended(0...2))
    expect(machine.nextStep(), is: .prove(batch(3...3)))
    try machine.answered(appended(3...3))
    expect(machine.nextStep(), is: .append(batch(4...5)))
    try machine.answered(appended(4...5))
    let findings = machine.takeFindings()
    #expect(findings.alreadyThere == 4 && findings.appended == 2 && findings.settledFrames.count == 6)
    #expect(machine.summary.wasThere && machine.summary.lastSettled == 5)
  }

  @Test("A refused proof leads to a comparison: another id is a conflict, and nothing is appended after it")
  func conflict() throws {
    var machine = machine(0...5)
    expect(machine.nextStep(), is: .readHead)
    try machine.answered(.head(TargetHead(last: 2)))
    expect(machine.nextStep(), is: .prove(batch(0...2)))
    try machine.answered(refused(.wrongVersion, .wrongExpectedVersion))
    expect(machine.nextStep(), is: .compare(batch(0...2)))
    try machine.answered(.visible([0: id(0), 1: id(77), 2: id(2)]))
    expect(machine.nextStep(), is: nil)
    let findings = machine.takeFindings()
    #expect(findings.alreadyThere == 1 && findings.appended == 0 && findings.notWritten == 5)
    #expect(findings.settledFrames.count == 6)
    #expect(findings.issues.map(\.kind) == [.differentEvent] && findings.issues.first?.number == 1)
    #expect(machine.summary.ending == .conflict)
  }

  @Test("Events that are equal as far as they can be read are unproven where they are gone, and the rest is appended")
  func unproven() throws {
    var machine = machine(0...3)
    expect(machine.nextStep(), is: .readHead)
    try machine.answered(.head(TargetHead(last: 2)))
    expect(machine.nextStep(), is: .prove(batch(0...2)))
    try machine.answered(refused(.wrongVersion, .wrongExpectedVersion))
    expect(machine.nextStep(), is: .compare(batch(0...2)))
    try machine.answered(.visible([2: id(2)]))
    expect(machine.nextStep(), is: .append(batch(3...3)))
    let findings = machine.takeFindings()
    #expect(findings.unproven == 2 && findings.alreadyThere == 1)
    #expect(findings.issues.map(\.kind) == [.unproven])
  }

  @Test("A stream with a hole is refused before anything of it is written, unless the target has the part before it")
  func holes() throws {
    var shape = StreamShape()
    for number: EventNumber in [0, 1, 4, 5] { shape.add(queued(number).event) }
    var fresh = StreamRestoreStateMachine("s", shape: shape, rules: StreamRules(limits: limits))
    fresh.arrived([queued(0), queued(1)])
    expect(fresh.nextStep(), is: .readHead)
    try fresh.answered(.head(TargetHead(last: -1)))
    expect(fresh.nextStep(), is: nil)
    fresh.arrived([queued(4), queued(5)])
    let findings = fresh.takeFindings()
    #expect(findings.notWritten == 4 && findings.settledFrames.count == 4)
    #expect(findings.issues.map(\.kind) == [.numbersWouldChange] && findings.issues.first?.number == 4)

    var partly = StreamRestoreStateMachine("s", shape: shape, rules: StreamRules(limits: limits))
    partly.arrived([queued(0), queued(1), queued(4), queued(5)])
    expect(partly.nextStep(), is: .readHead)
    try partly.answered(.head(TargetHead(last: 3)))
    expect(partly.nextStep(), is: .prove(batch(0...1)))
    try partly.answered(appended(0...1))
    expect(partly.nextStep(), is: .append(batch(4...5)))
  }

  @Test("An append that comes too late reads the head again, and proves what came in between")
  func overtaken() throws {
    var machine = machine(0...2)
    expect(machine.nextStep(), is: .readHead)
    try machine.answered(.head(TargetHead(last: -1)))
    expect(machine.nextStep(), is: .append(batch(0...2)))
    try machine.answered(refused(.wrongVersion, .wrongExpectedVersion))
    expect(machine.nextStep(), is: .readHead)
    try machine.answered(.head(TargetHead(last: 1)))
    expect(machine.nextStep(), is: .prove(batch(0...1)))
    try machine.answered(appended(0...1))
    expect(machine.nextStep(), is: .append(batch(2...2)))
  }

  @Test("A target that refuses what fits its own head ends the run, not an endless conversation")
  func contradiction() throws {
    var machine = machine(0...0)
    var rounds = 0
    let error = #expect(throws: ReplicationError.self) {
      while rounds < 10 {
        rounds += 1
        expect(machine.nextStep(), is: .readHead)
        try machine.answered(.head(TargetHead(last: -1)))
        expect(machine.nextStep(), is: .append(batch(0...0)))
        try machine.answered(refused(.wrongVersion, .wrongExpectedVersion))
      }
    }
    #expect(error?.code == .unexpectedAnswer && rounds < 10)
  }

  @Test("Numbers in a reply that are not the archive's end the run")
  func otherNumbers() throws {
    var machine = machine(0...2)
    expect(machine.nextStep(), is: .readHead)
    try machine.answered(.head(TargetHead(last: -1)))
    expect(machine.nextStep(), is: .append(batch(0...2)))
    let error = #expect(throws: ReplicationError.self) { try machine.answered(appended(1...3)) }
    #expect(error?.code == .unexpectedAnswer && error?.stream == "s")
  }

  @Test("A stream that is deleted for ever on the target is a conflict")
  func hardDeleted() throws {
    var machine = machine(0...2)
    expect(machine.nextStep(), is: .readHead)
    try machine.answered(.head(TargetHead(last: .deleted)))
    expect(machine.nextStep(), is: nil)
    let findings = machine.takeFindings()
    #expect(findings.notWritten == 3 && findings.issues.map(\.kind) == [.hardDeletedOnTarget])
    #expect(machine.summary.ending == .conflict)
  }

  @Test("Of an append that is not acceptable the event to blame is found by halves, and the stream ends before it")
  func rejected() throws {
    var machine = machine(0...2)
    expect(machine.nextStep(), is: .readHead)
    try machine.answered(.head(TargetHead(last: -1)))
    expect(machine.nextStep(), is: .append(batch(0...2)))
    try machine.answered(refused(.unacceptable, .badRequest))
    expect(machine.nextStep(), is: .append(batch(0...0)))
    try machine.answered(appended(0...0))
    expect(machine.nextStep(), is: .append(batch(1...1)))
    try machine.answered(refused(.unacceptable, .badRequest))
    expect(machine.nextStep(), is: .reject(queued(1).event, reason: "no"))
    try machine.answered(.rejected)
    expect(machine.nextStep(), is: nil)
    let findings = machine.takeFindings()
    #expect(findings.appended == 1 && findings.rejected == 1 && findings.notWritten == 1)
    #expect(findings.settledFrames.count == 3 && machine.summary.ending == .cutShort)
  }

  @Test("An event larger than the target takes is rejected without being sent")
  func tooLarge() throws {
    var machine = StreamRestoreStateMachine("s", rules: StreamRules(limits: limits))
    machine.arrived([queued(0), queued(1, bytes: 101), queued(2)])
    expect(machine.nextStep(), is: .readHead)
    try machine.answered(.head(TargetHead(last: -1)))
    expect(machine.nextStep(), is: .append(batch(0...0)))
    try machine.answered(appended(0...0))
    guard case .reject(let event, let reason)? = machine.nextStep() else {
      Issue.record("the large event was not rejected")
      return
    }
    #expect(event.number == 1 && reason.contains("100"))
  }

  @Test("A user who may not write the stream ends it, and its events count as not written")
  func denied() throws {
    var machine = machine(0...2)
    expect(machine.nextStep(), is: .readHead)
    try machine.answered(.head(TargetHead(last: -1)))
    expect(machine.nextStep(), is: .append(batch(0...2)))
    try machine.answered(refused(.denied, .accessDenied))
    expect(machine.nextStep(), is: nil)
    let findings = machine.takeFindings()
    #expect(findings.notWritten == 3 && findings.issues.map(\.kind) == [.accessDenied])
    #expect(machine.summary.ending == .denied)
  }

  @Test("Event 0 of a soft-deleted stream is set aside, because the target would write it again if it were another")
  func softDeleted() throws {
    var machine = machine(0...3)
    expect(machine.nextStep(), is: .readHead)
    try machine.answered(.head(TargetHead(last: 2, isSoftDeleted: true)))
    #expect(machine.summary.setAside?.event.number == 0)
    expect(machine.nextStep(), is: .prove(batch(1...2)))
    try machine.answered(appended(1...2))
    expect(machine.nextStep(), is: .append(batch(3...3)))
    expect(machine.takeFindings().settledFrames.count, is: 3)
  }

  @Test("A dry run compares where a restore would prove, and what it cannot read is no issue")
  func dryRun() throws {
    var machine = machine(0...1, isDryRun: true)
    expect(machine.nextStep(), is: .readHead)
    try machine.answered(.head(TargetHead(last: 1)))
    expect(machine.nextStep(), is: .compare(batch(0...1)))
    try machine.answered(.visible([1: id(1)]))
    let findings = machine.takeFindings()
    #expect(findings.unproven == 1 && findings.alreadyThere == 1 && findings.issues.isEmpty)
  }

  @Test("Nothing is done twice: events that arrive while a step is under way wait for its answer")
  func oneAtATime() throws {
    var machine = machine(0...0)
    expect(machine.nextStep(), is: .readHead)
    machine.arrived([queued(1)])
    expect(machine.nextStep(), is: nil)
    #expect(machine.isBusy)
    try machine.answered(.head(TargetHead(last: -1)))
    expect(machine.nextStep(), is: .append(batch(0...1)))
  }

  private func appended(_ numbers: ClosedRange<EventNumber>) -> StreamAnswer {
    .appended(
      AppendResult(firstEventNumber: numbers.lowerBound, lastEventNumber: numbers.upperBound, position: nil))
  }

  private func batch(_ numbers: ClosedRange<EventNumber>) -> AppendBatch {
    AppendBatch(first: numbers.lowerBound, events: numbers.map { queued($0) })
  }

  private func queued(_ number: EventNumber, bytes: Int = 10) -> QueuedEvent {
    var event = archived("s", number)
    event.data = Bytes(repeatElement(UInt8(ascii: "x"), count: bytes))
    return QueuedEvent(event: event, frame: Int(number) / 2)
  }
}
