import EventStoreCore

import NIOCore
import Testing

@testable import EventStoreTCP

@Suite struct OperationsStateMachineTests {
  private let start = NIODeadline.now()
  private let lost = EventStoreError(.connectionLost, "lost")

  private func after(_ seconds: Int64) -> NIODeadline { start + .seconds(seconds) }

  private func request(_ number: UInt64, _ resend: Request.Resend = .always) -> Request {
    Request(id: id(number), bytes: ByteBuffer(string: "request \(number)"), resend: resend)
  }

  /// Two in flight, two waiting at most.
  private func machine(connected: Bool = true) -> OperationsStateMachine {
    var machine = OperationsStateMachine(configuration: .small)
    if connected { machine.connected() }
    return machine
  }

  private func sent(_ machine: inout OperationsStateMachine, at seconds: Int64 = 0) -> [EventID] {
    var ids: [EventID] = []
    while let request = machine.nextToSend(now: after(seconds)) { ids.append(request.id) }
    return ids
  }

  @Test("A request that is not to be sent before a moment waits for it, over a lost connection too")
  func notBefore() {
    var machine = machine()
    #expect(machine.requested(request(1), notBefore: after(5)) == .admitted)
    #expect(machine.requested(request(2)) == .admitted)
    #expect(sent(&machine) == [id(2)])
    #expect(machine.connectionLost(lost, random: 0).isEmpty)
    machine.connected()
    #expect(machine.timePassed(now: after(4)).isEmpty && sent(&machine, at: 4) == [id(2)])
    #expect(machine.timePassed(now: after(5)).isEmpty && sent(&machine, at: 5) == [id(1)])
  }

  @Test("Requests are sent in order, as many at once as allowed, and an answer makes room for the next")
  func inFlight() {
    var machine = machine()
    for number in 1...4 { expect(machine.requested(request(UInt64(number))), is: .admitted) }
    expect(sent(&machine), is: [id(1), id(2)])
    expect(machine.answered(id(2)), is: true)
    expect(sent(&machine), is: [id(3)])
    expect(machine.answered(id(1)), is: true)
    expect(sent(&machine), is: [id(4)])
  }

  @Test("When too many wait, the next one is refused, and told why")
  func bounded() {
    var machine = machine(connected: false)
    expect(machine.requested(request(1)), is: .admitted)
    expect(machine.requested(request(2)), is: .admitted)
    guard case .refused(let error) = machine.requested(request(3)) else {
      Issue.record("the third of two was admitted")
      return
    }
    #expect(error.code == .notReady)
    machine.connected()
    expect(sent(&machine), is: [id(1), id(2)])
    expect(machine.requested(request(3)), is: .admitted)
  }

  @Test("An answer to nobody, or one that comes a second time, is not taken for another")
  func strangers() {
    var machine = machine()
    expect(machine.requested(request(1)), is: .admitted)
    expect(machine.answered(id(1)), is: false)
    expect(sent(&machine), is: [id(1)])
    expect(machine.answered(id(9)), is: false)
    expect(machine.answered(id(1)), is: true)
    expect(machine.answered(id(1)), is: false)
    #expect(machine.isEmpty)
  }

  @Test("Row 37: a request without an answer times out, and its late answer belongs to nobody")
  func timeOut() {
    var machine = machine()
    expect(machine.requested(request(1)), is: .admitted)
    expect(sent(&machine, at: 3), is: [id(1)])
    expect(machine.timePassed(now: after(12)), is: [])
    let failures = machine.timePassed(now: after(13))
    #expect(failures.map(\.id) == [id(1)])
    #expect(failures.map(\.error.code) == [.timedOut])
    #expect(failures.map(\.error.message) == ["no answer came within 10 s"])
    expect(machine.answered(id(1)), is: false)
  }

  @Test("After a lost connection what may be repeated is sent again first, in its old order; the rest fails")
  func resend() {
    var machine = machine()
    for number in 1...4 {
      expect(machine.requested(request(UInt64(number), number == 2 ? .never : .always)), is: .admitted)
    }
    expect(sent(&machine), is: [id(1), id(2)])
    let failures = machine.connectionLost(lost, random: 1)
    #expect(failures.map(\.id) == [id(2)])
    #expect(failures.map(\.error.code) == [.connectionLost])
    expect(sent(&machine), is: [])
    machine.connected()
    expect(sent(&machine), is: [id(1), id(3)])
    expect(machine.answered(id(1)), is: true)
    expect(sent(&machine), is: [id(4)])
  }

  @Test("A request that was not sent yet survives any lost connection, even if it may not be repeated")
  func unsent() {
    var machine = machine(connected: false)
    expect(machine.requested(request(1, .never)), is: .admitted)
    expect(machine.connectionLost(lost, random: 1), is: [])
    machine.connected()
    expect(sent(&machine), is: [id(1)])
  }

  @Test("A request that loses its connection too often fails")
  func lostTooOften() {
    var machine = machine()
    expect(machine.requested(request(1)), is: .admitted)
    for _ in 0..<2 {
      expect(sent(&machine), is: [id(1)])
      expect(machine.connectionLost(lost, random: 1), is: [])
      machine.connected()
    }
    expect(sent(&machine), is: [id(1)])
    let failures = machine.connectionLost(lost, random: 1)
    #expect(failures.map(\.error.message) == ["the connection was lost 3 times before the answer came"])
    #expect(machine.isEmpty)
  }

  @Test(
    "A node that is not ready, or too busy, is asked again after growing pauses, some times",
    arguments: [NotHandledReason.notReady, .tooBusy, .notLeader(nil)])
  func notReady(reason: NotHandledReason) {
    var machine = machine()
    expect(machine.requested(request(1)), is: .admitted)
    expect(sent(&machine, at: 0), is: [id(1)])
    expect(machine.notHandled(id(1), reason, now: after(0), random: 1), is: .later)
    expect(machine.timePassed(now: after(0)), is: [])
    expect(sent(&machine, at: 0), is: [])
    expect(machine.timePassed(now: after(1)), is: [])
    expect(sent(&machine, at: 1), is: [id(1)])
    expect(machine.notHandled(id(1), reason, now: after(1), random: 1), is: .later)
    expect(machine.timePassed(now: after(2)), is: [])
    expect(sent(&machine, at: 2), is: [])
    expect(machine.timePassed(now: after(3)), is: [])
    expect(sent(&machine, at: 3), is: [id(1)])
    guard case .failed(let error) = machine.notHandled(id(1), reason, now: after(3), random: 1) else {
      Issue.record("it asks for ever")
      return
    }
    #expect(error.code == (reason == .notLeader(nil) ? .notLeader : .notReady))
    #expect(error.isTransient)
    #expect(machine.isEmpty)
  }

  @Test("A read-only node is a permanent refusal")
  func readOnly() {
    var machine = machine()
    expect(machine.requested(request(1)), is: .admitted)
    expect(sent(&machine), is: [id(1)])
    guard case .failed(let error) = machine.notHandled(id(1), .readOnly, now: start, random: 1) else {
      Issue.record("it is tried again")
      return
    }
    #expect(error.code == .readOnly)
    expect(machine.notHandled(id(1), .readOnly, now: start, random: 1), is: .unknown)
  }

  @Test("A connection that is to be left gets nothing new, and is drained when its last answer has come")
  func draining() {
    var machine = machine()
    for number in 1...3 { expect(machine.requested(request(UInt64(number))), is: .admitted) }
    expect(sent(&machine), is: [id(1), id(2)])
    expect(machine.notHandled(id(1), .notLeader(nil), now: start, random: 1), is: .later)
    machine.leaving()
    #expect(!machine.isDrained)
    expect(sent(&machine), is: [])
    expect(machine.answered(id(2)), is: true)
    #expect(machine.isDrained)
    expect(machine.connectionLost(lost, random: 1), is: [])
    machine.connected()
    expect(machine.timePassed(now: after(1)), is: [])
    expect(sent(&machine, at: 1), is: [id(1), id(3)])
  }

  @Test("A cancelled request is forgotten, in flight or not, and makes room")
  func cancelled() {
    var machine = machine()
    for number in 1...4 { expect(machine.requested(request(UInt64(number))), is: .admitted) }
    expect(sent(&machine), is: [id(1), id(2)])
    expect(machine.cancelled(id(1)), is: true)
    expect(machine.cancelled(id(3)), is: true)
    expect(machine.cancelled(id(3)), is: false)
    expect(sent(&machine), is: [id(4)])
    expect(machine.answered(id(1)), is: false)
  }

  @Test("Row 32: giving up fails everything, oldest first, and leaves nothing behind")
  func gaveUp() {
    var machine = machine()
    for number in 1...4 { expect(machine.requested(request(UInt64(number))), is: .admitted) }
    expect(sent(&machine), is: [id(1), id(2)])
    expect(machine.gaveUp(), is: (1...4).map { id($0) })
    #expect(machine.isEmpty)
    expect(machine.requested(request(5)), is: .admitted)
    machine.connected()
    expect(sent(&machine), is: [id(5)])
  }

  @Test("Requests that come and are cancelled while there is no connection leave no trace")
  func noLeak() {
    var machine = machine(connected: false)
    for number in 1...100_000 {
      expect(machine.requested(request(UInt64(number))), is: .admitted)
      expect(machine.cancelled(id(UInt64(number))), is: true)
    }
    expect(machine.requested(request(1)), is: .admitted)
    machine.connected()
    expect(sent(&machine), is: [id(1)])
  }
}
