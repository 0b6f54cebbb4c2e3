import EventStoreCore
import Replication
import Testing

/// The clock behind the limits of waits.
@Suite struct LimitClockTests {
  @Test("Every sleep ends, none before its time, whichever was begun first")
  func ends() async throws {
    let clock = LimitClock()
    let start = clock.now
    let ended = Locked<[Int]>([])
    try await withThrowingTaskGroup(of: Void.self) { group in
      for milliseconds in [60, 20, 40, 0, 20] {
        group.addTask {
          try await clock.sleep(for: .milliseconds(milliseconds))
          #expect(clock.now - start >= .milliseconds(milliseconds))
          ended.withLock { $0.append(milliseconds) }
        }
      }
      try await group.waitForAll()
    }
    #expect(ended.withLock { $0.sorted() } == [0, 20, 20, 40, 60])
  }

  @Test("A cancelled sleep ends at once, also one that was cancelled before it began; the others go on")
  func cancellation() async throws {
    let clock = LimitClock()
    let other = Task { try await clock.sleep(for: .milliseconds(30)) }
    let sleeps = (0..<100).map { _ in Task { try await clock.sleep(for: .seconds(3600)) } }
    for sleep in sleeps { sleep.cancel() }
    for sleep in sleeps {
      await #expect(throws: CancellationError.self) { try await sleep.value }
    }
    try await other.value
  }
}
