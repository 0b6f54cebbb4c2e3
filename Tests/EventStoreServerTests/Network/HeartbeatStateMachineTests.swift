import Testing

@testable import EventStoreServer

@Suite("Server heartbeats")
struct HeartbeatStateMachineTests {
  @Test("A client that greets and then is silent is asked after two intervals, and closed a time-out later")
  func silence() {
    var machine = HeartbeatStateMachine(interval: .seconds(2), timeOut: .seconds(1))
    #expect(machine.connected() == .wait(.seconds(2)))
    machine.frameReceived()
    #expect(machine.timerFired() == .wait(.seconds(2)))
    #expect(machine.timerFired() == .askAndWait(.seconds(1)))
    #expect(machine.timerFired() == .close)
    #expect(machine.timerFired() == .none)
  }

  @Test("A client that answers is asked every interval and time-out")
  func answers() {
    var machine = HeartbeatStateMachine(interval: .seconds(2), timeOut: .seconds(1))
    #expect(machine.connected() == .wait(.seconds(2)))
    for _ in 0..<3 {
      #expect(machine.timerFired() == .askAndWait(.seconds(1)))
      machine.frameReceived()
      #expect(machine.timerFired() == .wait(.seconds(2)))
    }
  }

  @Test("A client that talks is never asked")
  func talks() {
    var machine = HeartbeatStateMachine(interval: .seconds(2), timeOut: .seconds(1))
    #expect(machine.connected() == .wait(.seconds(2)))
    for _ in 0..<5 {
      machine.frameReceived()
      #expect(machine.timerFired() == .wait(.seconds(2)))
    }
  }

  @Test("Nothing happens after the end, nor before the beginning")
  func ends() {
    var machine = HeartbeatStateMachine(interval: .seconds(2), timeOut: .seconds(1))
    #expect(machine.timerFired() == .none)
    #expect(machine.connected() == .wait(.seconds(2)))
    #expect(machine.connected() == .none)
    machine.disconnected()
    machine.frameReceived()
    #expect(machine.timerFired() == .none)
  }
}
