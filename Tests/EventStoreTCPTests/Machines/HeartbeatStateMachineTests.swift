import EventStoreTCP
import NIOCore
import Testing

@Suite struct HeartbeatStateMachineTests {
  private let start = NIODeadline.now()

  private func after(_ seconds: Int64) -> NIODeadline { start + .seconds(seconds) }

  private func machine() -> HeartbeatStateMachine {
    HeartbeatStateMachine(interval: .seconds(2), timeout: .seconds(5), now: start)
  }

  @Test("Row 33: a silent peer is asked once after the interval, and given up after the time-out")
  func silence() {
    var machine = machine()
    let actions = (0...9).map { machine.timePassed(now: after($0)) }
    #expect(actions == [.wait, .wait, .ask, .wait, .wait, .wait, .wait, .giveUp, .wait, .wait])
  }

  @Test("Row 33: any byte counts as life, before the question and after it")
  func life() {
    var machine = machine()
    machine.bytesMoved(now: after(1))
    expect(machine.timePassed(now: after(2)), is: .wait)
    expect(machine.timePassed(now: after(3)), is: .ask)
    machine.bytesMoved(now: after(7))
    expect(machine.timePassed(now: after(8)), is: .wait)
    expect(machine.timePassed(now: after(9)), is: .ask)
  }

  @Test("Row 33: an answer that comes after giving up changes nothing")
  func late() {
    var machine = machine()
    expect(machine.timePassed(now: after(2)), is: .ask)
    expect(machine.timePassed(now: after(7)), is: .giveUp)
    machine.bytesMoved(now: after(8))
    expect(machine.timePassed(now: after(100)), is: .wait)
  }
}
