import EventStoreCore
import EventStoreServer
import TestSupport
import Testing

@testable import EventStoreClient

/// Row 10: the events of an AsyncSequence are published.
@Suite("Publishing a sequence", .timeLimit(.minutes(5)))
struct SequenceRowTests {
  private struct Broken: Error {}

  /// Gives so many events, counts what it was asked for, and then ends, fails, or goes on for ever.
  private struct Producer: AsyncSequence, AsyncIteratorProtocol, Sendable {
    enum End: Sendable {
      case quietly
      case failing
      case never
    }

    let asked: Locked<Int>
    let count: Int
    let end: End
    var bytes = 10

    func makeAsyncIterator() -> Self { self }

    mutating func next() async throws -> NewEvent? {
      try Task.checkCancellation()
      let number = asked.withLock { asked in
        asked += 1
        return asked - 1
      }
      if number >= count {
        switch end {
        case .quietly: return nil
        case .failing: throw Broken()
        case .never: break
        }
      }
      return NewEvent(type: "Tick", isJSON: false, data: Bytes([UInt8](repeating: UInt8(number % 251), count: bytes)))
    }
  }

  private func batches(events: Int = 500, bytes: Int = 4 << 20) -> PublishBatches {
    var batches = PublishBatches()
    (batches.maximumEvents, batches.maximumBytes, batches.maximumDelay) = (events, bytes, .seconds(60))
    return batches
  }

  @Test("Row 10: all events are written in order, in batches of no more events than wished")
  func byCount() async throws {
    try await withClient { client, _ in
      let producer = Producer(asked: Locked(0), count: 1_050, end: .quietly)
      var sizes: [EventNumber] = []
      let result = try await client.publish(to: "ticker", producer, batches: batches(events: 100)) { batch in
        sizes.append(batch.lastEventNumber - batch.firstEventNumber + 1)
      }
      #expect(result?.firstEventNumber == 0 && result?.lastEventNumber == 1_049 && result?.position != nil)
      #expect(sizes == Array(repeating: 100, count: 10) + [50])
      let events = try await client.iterate("ticker").collected()
      #expect(events.map { $0.data.first } == (0..<1_050).map { UInt8($0 % 251) })
    }
  }

  @Test("Row 10: batches weigh no more than wished, and an event that weighs more goes alone")
  func byBytes() async throws {
    try await withClient { client, _ in
      // Each weighs 108 bytes: 100 of data, and its type in UTF-16.
      let producer = Producer(asked: Locked(0), count: 7, end: .quietly, bytes: 100)
      for (limit, wanted) in [(330, [3, 3, 1]), (324, [3, 3, 1]), (323, [2, 2, 2, 1]), (50, [1, 1, 1, 1, 1, 1, 1])] {
        producer.asked.withLock { $0 = 0 }
        var sizes: [Int] = []
        try await client.publish(to: "ticker", producer, batches: batches(bytes: limit)) { batch in
          sizes.append(Int(batch.lastEventNumber - batch.firstEventNumber + 1))
        }
        #expect(sizes == wanted, "\(limit) bytes")
      }
    }
  }

  @Test("Row 10: while a batch is in flight the sequence is not asked for more")
  func suspended() async throws {
    try await withClient { client, server in
      server.plan(Fault(.delayAnswer(.milliseconds(100)), on: 0x82, times: 3))
      let producer = Producer(asked: Locked(0), count: 30, end: .quietly)
      var asked: [Int] = []
      try await client.publish(to: "ticker", producer, batches: batches(events: 10)) { _ in
        asked.append(producer.asked.withLock { $0 })
      }
      #expect(asked == [10, 20, 30])
      #expect(server.faultHits == 3)
    }
  }

  @Test("Row 10: a batch does not wait for ever for a slow sequence")
  func slow() async throws {
    try await withClient { client, _ in
      // Each event comes after the one before it can be read.
      let events = AsyncThrowingStream<NewEvent, any Error> { continuation in
        let task = Task {
          for number in 0..<3 as Range<EventNumber> {
            continuation.yield(NewEvent(type: "Tick", isJSON: false, data: Bytes("\(number)")))
            let isThere = await eventually { (try? await client.getEvent("ticker", number)) != nil }
            guard isThere else { throw Broken() }
          }
          continuation.finish()
        }
        continuation.onTermination = { _ in task.cancel() }
      }
      let result = try await client.publish(to: "ticker", events, expectedVersion: .noStream)
      #expect(result?.lastEventNumber == 2)
    }
  }

  @Test("Row 10: a write that fails ends a sequence that would never end, and its error surfaces")
  func refused() async throws {
    try await withClient { client, _ in
      let producer = Producer(asked: Locked(0), count: 0, end: .never)
      let error = await thrown {
        try await client.publish(
          to: "ticker", producer, expectedVersion: .noStream, batches: batches(events: 10)
        ) { batch in
          // Another writer comes in between.
          if batch.lastEventNumber == 19 { try await client.publishEvent(to: "ticker", type: "Else", data: "") }
        }
      }
      #expect(error?.code == .wrongExpectedVersion && error?.currentVersion == 20)
      let types = try await client.get("ticker").map(\.type)
      #expect(types == Array(repeating: "Tick", count: 20) + ["Else"])
      #expect(producer.asked.withLock { $0 } <= 40)
    }
  }

  @Test("Row 10: without an exact version other writers may come in between")
  func anyVersion() async throws {
    try await withClient { client, _ in
      let producer = Producer(asked: Locked(0), count: 4, end: .quietly)
      try await client.publish(to: "ticker", producer, batches: batches(events: 2)) { _ in
        try await client.publishEvent(to: "ticker", type: "Else", data: "")
      }
      #expect(try await client.get("ticker").map(\.type) == ["Tick", "Tick", "Else", "Tick", "Tick", "Else"])
    }
  }

  @Test("Row 10: what the sequence throws surfaces, after what it gave before was written")
  func failing() async throws {
    try await withClient { client, _ in
      let producer = Producer(asked: Locked(0), count: 5, end: .failing)
      await #expect(throws: Broken.self) {
        try await client.publish(to: "ticker", producer, batches: batches(events: 3))
      }
      let page = try await client.get("ticker")
      #expect(page.count == 5)
    }
  }

  @Test("Row 10: a cancelled task stops publishing, also while it waits for the sequence")
  func cancelled() async throws {
    try await withClient { client, _ in
      let (events, continuation) = AsyncStream<NewEvent>.makeStream()
      continuation.yield(NewEvent(type: "Tick", isJSON: false, data: ""))
      let publishing = Task { try await client.publish(to: "ticker", events) }
      let isWritten = await eventually { (try? await client.getEvent("ticker", 0)) != nil }
      #expect(isWritten)
      publishing.cancel()
      await #expect(throws: CancellationError.self) { try await publishing.value }
    }
  }

  @Test("Row 10: a sequence that ends because its task was cancelled is not taken for a whole one")
  func endedByCancellation() async throws {
    let queue = PublishQueue(PublishBatches())
    let filling = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      await queue.fill(from: AsyncStream<NewEvent> { _ in })
    }
    await filling.value
    await #expect(throws: CancellationError.self) { try await queue.nextBatch() }
  }

  @Test("Row 10: an empty sequence writes nothing, and batches that make no sense are refused")
  func empty() async throws {
    try await withClient { client, _ in
      let producer = Producer(asked: Locked(0), count: 0, end: .quietly)
      let result = try await client.publish(to: "ticker", producer)
      #expect(result == nil)
      #expect(await thrown { try await client.get("ticker") }?.code == .streamNotFound)
      let error = await thrown { try await client.publish(to: "ticker", producer, batches: batches(events: 0)) }
      #expect(error?.code == .invalidArgument)
    }
  }
}
