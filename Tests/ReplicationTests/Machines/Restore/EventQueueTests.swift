import EventStoreCore
import Testing

@testable import Replication

/// The events of one stream that wait.
@Suite struct EventQueueTests {
  /// Stands for the memory of a frame.
  private final class Frame {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 8, alignment: 8)

    init() {
      memory.initializeMemory(as: UInt8.self, repeating: 1)
    }

    deinit {
      memory.deallocate()
    }
  }

  private struct Weak {
    weak var frame: Frame?
  }

  private static func event(_ number: EventNumber, in frame: Frame) -> QueuedEvent {
    QueuedEvent(
      event: RecordedEvent(
        stream: "s", number: number, id: EventID(high: 1, low: UInt64(number)), type: "t", isJSON: false,
        data: Bytes(owner: frame, memory: UnsafeRawBufferPointer(frame.memory)), created: Timestamp(ticks: 0)),
      frame: Int(number))
  }

  @Test("The frames of events that were taken are freed, while no more wait than were taken")
  func freed() {
    let limits = AppendLimits(maximumEvents: 2, maximumBytes: 1000, maximumEventBytes: 1000)
    var queue = EventQueue()
    var frames: [Weak] = []
    for number in 0..<EventNumber(6) {
      let frame = Frame()
      frames.append(Weak(frame: frame))
      queue.append(Self.event(number, in: frame))
    }
    #expect(queue.take(isContinued: true, atMost: 2, limits).map(\.event.number) == [0, 1])
    #expect(queue.removeFirst()?.event.number == 2)
    #expect(frames.map { $0.frame != nil } == [false, false, false, true, true, true])
    #expect(queue.take(isContinued: true, atMost: 3, limits).map(\.event.number) == [3, 4, 5])
    #expect(frames.allSatisfy { $0.frame == nil })
    #expect(queue.isEmpty)
  }
}
