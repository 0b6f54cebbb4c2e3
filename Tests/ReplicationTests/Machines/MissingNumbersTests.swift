import EventArchive
import EventStoreCore
import Testing

@testable import Replication

@Suite struct MissingNumbersTests {
  @Test("Neighbours are one gap with the first one's reason, and it begins anew once taken")
  func neighbours() {
    var missing = MissingNumbers("s")
    let none = missing.take()
    #expect(none?.reason == nil)
    for (number, reason) in [(EventNumber(4), "first"), (5, "second")] {
      let isTaken = missing.add(number, reason: reason)
      #expect(isTaken)
    }
    let gap = missing.take()
    #expect(gap?.extent == .numbers("s", 4...5) && gap?.reason == "first")
    _ = missing.add(9, reason: "third")
    let next = missing.take()
    #expect(next?.extent == .numbers("s", 9...9) && next?.reason == "third")
  }

  @Test("Too many in a row are no gap but a broken source")
  func limit() {
    var missing = MissingNumbers("s")
    let verdicts = (0...MissingNumbers.limit).map { missing.add(EventNumber($0), reason: "") }
    #expect(verdicts == Array(repeating: true, count: MissingNumbers.limit) + [false])
  }
}
