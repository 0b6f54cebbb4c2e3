import EventStoreCore
import Testing

@Suite("Locked")
struct LockedTests {
  private struct Refused: Error, Equatable {}

  @Test("One at a time touches the value, so nothing is lost")
  func exclusion() async {
    let counter = Locked(0)
    await withDiscardingTaskGroup { group in
      for _ in 0..<8 {
        group.addTask {
          for _ in 0..<10_000 { counter.withLock { $0 += 1 } }
        }
      }
    }
    #expect(counter.withLock { $0 } == 80_000)
  }

  @Test("An error leaves the lock open and the value as it was left")
  func error() {
    let value = Locked([1])
    #expect(throws: Refused()) {
      try value.withLock { value throws(Refused) in
        value.append(2)
        throw Refused()
      }
    }
    #expect(value.withLock { $0 } == [1, 2])
  }
}
