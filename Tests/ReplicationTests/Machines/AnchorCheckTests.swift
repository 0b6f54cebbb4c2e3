import EventArchive
import EventStoreCore
import Replication
import Testing

@Suite struct AnchorCheckStateMachineTests {
  private let anchors = [30, 20, 10].map { Anchor(position: at($0), id: id(UInt64($0))) }

  private func machine() -> AnchorCheckStateMachine {
    AnchorCheckStateMachine(checkpoint: at(30), anchors: anchors)
  }

  private func isDiverged(_ action: AnchorCheckStateMachine.Action) -> Bool {
    if case .diverged = action { return true }
    return false
  }

  @Test("A new archive has nothing to check")
  func newArchive() {
    var machine = AnchorCheckStateMachine(checkpoint: nil, anchors: [])
    expect(machine.started(), is: .same)
  }

  @Test("The newest anchor with its id at its place proves the source")
  func same() {
    var machine = machine()
    expect(machine.started(), is: .readEnd)
    expect(machine.endRead(at(30)), is: .readEvent(at: at(30)))
    expect(machine.eventRead((at(30), id(30))), is: .same)
  }

  @Test("Another id at an anchor's place is another source")
  func otherID() {
    var machine = machine()
    _ = machine.started()
    _ = machine.endRead(at(99))
    #expect(isDiverged(machine.eventRead((at(30), id(31)))))
  }

  @Test("A place where no event can begin is another source, and the server's words are kept")
  func refused() {
    var machine = machine()
    _ = machine.started()
    _ = machine.endRead(at(99))
    let action = machine.eventRefused("no record begins there")
    #expect(isDiverged(action))
    #expect("\(action)".contains("no record begins there"))
  }

  @Test("Anchors that were scavenged are passed over for older ones")
  func scavenged() {
    var machine = machine()
    _ = machine.started()
    _ = machine.endRead(at(99))
    expect(machine.eventRead((at(44), id(44))), is: .readEvent(at: at(20)))
    expect(machine.eventRead(nil), is: .readEvent(at: at(10)))
    expect(machine.eventRead((at(10), id(10))), is: .same)
  }

  @Test("An older anchor that has another id is still another source")
  func olderDiverges() {
    var machine = machine()
    _ = machine.started()
    _ = machine.endRead(at(99))
    _ = machine.eventRead((at(44), id(44)))
    #expect(isDiverged(machine.eventRead((at(20), id(1)))))
  }

  @Test("When every anchor is gone nothing is proven, and nothing speaks against it")
  func allGone() {
    var machine = machine()
    _ = machine.started()
    _ = machine.endRead(at(99))
    for _ in anchors.dropLast() { _ = machine.eventRead((at(44), id(44))) }
    expect(machine.eventRead((at(44), id(44))), is: .unproven)
    var empty = AnchorCheckStateMachine(checkpoint: at(30), anchors: [])
    _ = empty.started()
    expect(empty.endRead(at(30)), is: .unproven)
  }

  @Test("A source that ends before the checkpoint is waited for, and is another one only when time is over")
  func lagging() {
    var machine = machine()
    _ = machine.started()
    expect(machine.endRead(at(29)), is: .waitForSource)
    expect(machine.waited(hasTimeLeft: true), is: .readEnd)
    expect(machine.endRead(nil), is: .waitForSource)
    expect(machine.waited(hasTimeLeft: true), is: .readEnd)
    expect(machine.endRead(at(30)), is: .readEvent(at: at(30)))

    var shorter = self.machine()
    _ = shorter.started()
    _ = shorter.endRead(at(29))
    #expect(isDiverged(shorter.waited(hasTimeLeft: false)))
  }

  @Test("The end is compared by commit and prepare")
  func comparesWholePositions() {
    var machine = AnchorCheckStateMachine(checkpoint: Position(commit: 30, prepare: 22), anchors: anchors)
    _ = machine.started()
    expect(machine.endRead(Position(commit: 30, prepare: 21)), is: .waitForSource)
  }
}
