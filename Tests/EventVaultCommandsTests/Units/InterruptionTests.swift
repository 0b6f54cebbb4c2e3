import EventVaultCommands
import EventStoreCore
import Testing

@Suite("Signals")
struct InterruptionTests {
  @Test("The first signal asks to stop, a second one is not asked again")
  func twice() async {
    let interruption = Interruption()
    let stops = Locked(0)
    await interruption.stopping(by: { stops.withLock { $0 += 1 } }) {
      #expect(interruption.arrived(.terminate))
      #expect(!interruption.arrived(.interrupt))
    }
    #expect(stops.withLock { $0 } == 1)
    #expect(interruption.received?.exitCode == .terminated)
  }

  @Test("A signal that came before the work began stops it too")
  func before() async {
    let interruption = Interruption()
    #expect(interruption.arrived(.interrupt))
    let stops = Locked(0)
    await interruption.stopping(by: { stops.withLock { $0 += 1 } }) {}
    #expect(stops.withLock { $0 } == 1)
    await interruption.wait()
  }

  @Test("Work that has ended is not stopped")
  func after() async {
    let interruption = Interruption()
    let stops = Locked(0)
    await interruption.stopping(by: { stops.withLock { $0 += 1 } }) {}
    #expect(interruption.arrived(.interrupt))
    #expect(stops.withLock { $0 } == 0)
  }
}
