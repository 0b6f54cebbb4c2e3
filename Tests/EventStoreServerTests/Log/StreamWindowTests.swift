import EventStoreCore
import Testing

@testable import EventStoreServer

@Suite struct StreamWindowTests {
  @Test("Whatever is hidden, following next reads every readable event once and ends", arguments: [1, 2, 3, 7, 4096])
  func paging(count: Int64) {
    for last in EventNumber(0)...12 {
      for truncateBefore in EventNumber(0)...14 {
        for (maximumCount, expired) in [(Int64?.none, EventNumber(0)), (1, 0), (4, 0), (4, 11), (20, 0), (nil, 6)] {
          let metadata = StreamMetadata(maximumCount: maximumCount, truncateBefore: truncateBefore)
          let first = StreamWindow.firstReadable(last: last, metadata: metadata)
          let readable = first <= last ? Array(first...last).filter { $0 >= expired } : []
          let isReadable: (EventNumber) -> Bool = { $0 >= expired }
          #expect(
            read(from: 0, StreamWindow.forward, count, last, metadata, isReadable) == readable,
            "forward, last \(last), $tb \(truncateBefore)")
          #expect(
            read(from: -1, StreamWindow.backward, count, last, metadata, isReadable) == readable.reversed(),
            "backward, last \(last), $tb \(truncateBefore)")
        }
      }
    }
  }

  private func read(
    from start: EventNumber,
    _ rule: (EventNumber, Int64, EventNumber, StreamMetadata, (EventNumber) -> Bool) -> StreamWindow, _ count: Int64,
    _ last: EventNumber, _ metadata: StreamMetadata, _ isReadable: @escaping (EventNumber) -> Bool
  ) -> [EventNumber] {
    var numbers: [EventNumber] = []
    var next = start
    for _ in 0..<100 {
      let window = rule(next, count, last, metadata, isReadable)
      numbers += window.numbers
      if window.isEnd { return numbers }
      next = window.next
    }
    Issue.record("the end is never reached")
    return numbers
  }
}
