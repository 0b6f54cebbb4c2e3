import EventStoreCore
import Testing

@testable import EventStoreClient

@Suite("Batches of a sequence")
struct PublishBatchStateMachineTests {
  private func event(_ bytes: Int = 1) -> ProposedEvent {
    ProposedEvent(type: "t", isJSON: false, data: Bytes([UInt8](repeating: 0, count: bytes)))
  }

  private func machine(events: Int = 3, bytes: Int = 1000) -> PublishBatchStateMachine {
    var limits = PublishBatches()
    (limits.maximumEvents, limits.maximumBytes) = (events, bytes)
    return PublishBatchStateMachine(limits)
  }

  @Test("A full batch is due, and no more is wanted until it was written")
  func full() {
    var machine = machine(events: 2)
    let (first, second) = (event(), event())
    #expect(machine.nextBatch() == .nothing && !machine.hasNews)
    machine.eventCame(first)
    #expect(machine.nextBatch() == .waiting && machine.hasNews && !machine.isDue && machine.wantsEvent)
    machine.eventCame(second)
    #expect(machine.isDue && !machine.wantsEvent)
    #expect(machine.nextBatch() == .batch([first, second]))
    #expect(!machine.wantsEvent && machine.nextBatch() == .nothing)
    machine.batchWritten()
    #expect(machine.wantsEvent && machine.nextBatch() == .nothing)
  }

  @Test("A batch is due after a delay, and the event that comes meanwhile is in the next one")
  func delay() {
    var machine = machine()
    let (first, second) = (event(), event())
    machine.delayPassed()
    #expect(machine.nextBatch() == .nothing)
    machine.eventCame(first)
    machine.delayPassed()
    machine.eventCame(second)
    #expect(machine.nextBatch() == .batch([first]))
    machine.delayPassed()
    machine.batchWritten()
    #expect(machine.nextBatch() == .waiting && machine.wantsEvent)
    machine.finished()
    #expect(machine.nextBatch() == .batch([second]))
    machine.batchWritten()
    #expect(machine.nextBatch() == .end)
  }

  @Test("An event that does not fit makes the batch due, and begins the next one")
  func tooLarge() {
    var machine = machine(bytes: 10)
    let (small, large) = (event(5), event(9))
    machine.eventCame(small)
    machine.eventCame(large)
    #expect(machine.nextBatch() == .batch([small]))
    machine.batchWritten()
    #expect(machine.isDue && machine.nextBatch() == .batch([large]))
    machine.finished()
    machine.batchWritten()
    #expect(machine.nextBatch() == .end)
  }
}
