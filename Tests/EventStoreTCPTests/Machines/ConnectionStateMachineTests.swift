import EventStoreCore
import EventStoreTCP
import EventStoreWire
import NIOCore
import Testing

@Suite struct ConnectionStateMachineTests {
  private let start = NIODeadline.now()
  private let endpoint = Endpoint(host: "one", port: 1113)

  private func after(_ seconds: Int64) -> NIODeadline { start + .seconds(seconds) }

  private func machine(_ change: (inout TCPConfiguration) -> Void = { _ in }) -> ConnectionStateMachine {
    var configuration = TCPConfiguration.small
    change(&configuration)
    return ConnectionStateMachine(endpoint: endpoint, configuration: configuration)
  }

  private func frame(
    _ machine: inout ConnectionStateMachine, _ command: Command, _ number: UInt64, words: String = "",
    at seconds: Int64 = 0, next: UInt64 = 99
  ) -> ConnectionStateMachine.Action {
    machine.frameArrived(
      command, id: id(number), words: words, now: after(seconds), nextID: id(next), random: 1)
  }

  @Test("It identifies, authenticates, and is ready; then every frame is somebody's")
  func happy() {
    var machine = machine()
    expect(machine.connected(now: start, id: id(1)), is: .identify(id(1)))
    expect(frame(&machine, .clientIdentified, 1, next: 2), is: .authenticate(id(2)))
    #expect(!machine.isReady)
    expect(frame(&machine, .authenticated, 2), is: .becomeReady)
    #expect(machine.isReady)
    expect(frame(&machine, .pong, 3), is: .passOn)
    expect(machine.closed(cause: nil), is: .lost(EventStoreError(.connectionLost, "one:1113 closed the connection")))
    expect(machine.closed(cause: nil), is: .known)
  }

  @Test("Without credentials it is ready once it is identified")
  func anonymous() {
    var machine = machine { $0.credentials = nil }
    expect(machine.connected(now: start, id: id(1)), is: .identify(id(1)))
    expect(frame(&machine, .clientIdentified, 1), is: .becomeReady)
  }

  @Test("A server before 4.0 does not know IdentifyClient, and is talked to all the same")
  func old() {
    var machine = machine { $0.credentials = nil }
    expect(machine.connected(now: start, id: id(1)), is: .identify(id(1)))
    expect(frame(&machine, .badRequest, 1), is: .becomeReady)
  }

  @Test("With TLS nothing is sent before the handshake is done, and a handshake that never ends is told")
  func secured() {
    var machine = machine { $0.security = TransportSecurity() }
    expect(machine.connected(now: start, id: id(1)), is: .none)
    expect(machine.timePassed(now: after(4), nextID: id(9)), is: .none)
    var silent = machine
    expect(machine.secured(now: after(4), id: id(2)), is: .identify(id(2)))
    guard case .fail(let error) = silent.timePassed(now: after(5), nextID: id(9)) else {
      Issue.record("a handshake without an end was waited for")
      return
    }
    #expect(error.code == .tlsFailed)
  }

  @Test("A refused login is tried again after a pause, and given up after some attempts with the server's words")
  func refused() {
    var machine = machine()
    expect(machine.connected(now: start, id: id(1)), is: .identify(id(1)))
    expect(frame(&machine, .clientIdentified, 1, next: 2), is: .authenticate(id(2)))
    expect(frame(&machine, .notAuthenticated, 2, at: 0), is: .none)
    expect(machine.timePassed(now: after(0), nextID: id(3)), is: .none)
    expect(machine.timePassed(now: after(1), nextID: id(3)), is: .authenticate(id(3)))
    expect(frame(&machine, .notAuthenticated, 3, at: 1), is: .none)
    expect(machine.timePassed(now: after(2), nextID: id(4)), is: .none)
    expect(machine.timePassed(now: after(3), nextID: id(4)), is: .authenticate(id(4)))
    guard case .fail(let error) = frame(&machine, .notAuthenticated, 4, words: "Unauthorized", at: 3) else {
      Issue.record("a wrong password is tried for ever")
      return
    }
    #expect(error.code == .notAuthenticated)
    #expect(error.cause == "Unauthorized")
    #expect(error.message == "one:1113 refused the login of admin")
    #expect(!error.description.contains("changeit"))
  }

  @Test("A server that was only starting accepts the login in the end")
  func starting() {
    var machine = machine()
    expect(machine.connected(now: start, id: id(1)), is: .identify(id(1)))
    expect(frame(&machine, .clientIdentified, 1, next: 2), is: .authenticate(id(2)))
    expect(frame(&machine, .notAuthenticated, 2), is: .none)
    expect(machine.timePassed(now: after(1), nextID: id(3)), is: .authenticate(id(3)))
    expect(frame(&machine, .authenticated, 2, at: 1), is: .none)
    expect(frame(&machine, .authenticated, 3, at: 1), is: .becomeReady)
  }

  @Test("Row 37: every step has a time-out", arguments: [0, 1])
  func timeOuts(steps: Int) {
    var machine = machine()
    expect(machine.connected(now: start, id: id(1)), is: .identify(id(1)))
    if steps > 0 { expect(frame(&machine, .clientIdentified, 1, next: 2), is: .authenticate(id(2))) }
    expect(machine.timePassed(now: after(4), nextID: id(9)), is: .none)
    guard case .fail(let error) = machine.timePassed(now: after(5), nextID: id(9)) else {
      Issue.record("step \(steps) is waited for without an end")
      return
    }
    #expect(error.code == .timedOut)
  }

  @Test("An end before it was ready is told as such, with the cause that is known")
  func neverReady() {
    var early = machine()
    guard case .neverReady(let error) = early.closed(cause: nil) else {
      Issue.record("the end was not told")
      return
    }
    #expect(error.code == .unreachable)
    var known = machine()
    expect(known.connected(now: start, id: id(1)), is: .identify(id(1)))
    let cause = EventStoreError(.tlsFailed, "no")
    expect(known.closed(cause: cause), is: .neverReady(cause))
  }

  @Test("Frames before their time, or of others, do nothing")
  func strangers() {
    var machine = machine()
    expect(frame(&machine, .authenticated, 1), is: .none)
    expect(machine.connected(now: start, id: id(1)), is: .identify(id(1)))
    expect(frame(&machine, .clientIdentified, 7), is: .none)
    expect(frame(&machine, .pong, 1), is: .none)
    expect(machine.connected(now: start, id: id(8)), is: .none)
    expect(machine.secured(now: start, id: id(8)), is: .none)
  }
}
