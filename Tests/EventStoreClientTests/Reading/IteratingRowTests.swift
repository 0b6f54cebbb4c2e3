import EventStoreClient
import EventStoreServer
import Testing

/// Rows 11 to 13: a stream is iterated over.
@Suite("Iterating", .timeLimit(.minutes(5)))
struct IteratingRowTests {
  /// The command that asks for a page of a stream, forward.
  private let readForward: UInt8 = 0xB2

  @Test("Row 11: 10,000 events come in order, 500 a batch, and then it ends; iterating again gives them again")
  func row11() async throws {
    try await withClient { client, _ in
      for _ in 0..<20 { try await client.publish(to: "ponies", PonyJumped.events(500)) }
      let events = client.iterate("ponies", batchSize: 500)
      for _ in 0..<2 {
        var expected: EventNumber = 0
        for try await event in events {
          guard event.number == expected else { break }
          expected += 1
        }
        #expect(expected == 10_000)
      }
    }
  }

  @Test("Row 11: a batch of one works, and an iterator that has ended stays at its end")
  func row11Small() async throws {
    try await withClient { client, _ in
      try await client.publish(to: "ponies", PonyJumped.events(3))
      var iterator = client.iterate("ponies", batchSize: 1).makeAsyncIterator()
      var numbers: [EventNumber] = []
      while let event = try await iterator.next() { numbers.append(event.number) }
      #expect(numbers == [0, 1, 2])
      let after = try await iterator.next()
      #expect(after == nil)
    }
  }

  @Test("Row 11: a missing or deleted stream throws each time, one whose events are gone is empty")
  func row11Missing() async throws {
    try await withClient { client, _ in
      try await client.publish(to: "soft", PonyJumped.events(1))
      try await client.delete("soft")
      try await client.publish(to: "hard", PonyJumped.events(1))
      try await client.tombstone("hard")
      let errors: [(StreamName, EventStoreError.Code)] = [
        ("never", .streamNotFound), ("soft", .streamNotFound), ("hard", .streamDeleted),
      ]
      for (stream, code) in errors {
        let events = client.iterate(stream)
        for _ in 0..<2 {
          let error = await thrown { try await events.collected() }
          #expect(error?.code == code && error?.stream == stream)
        }
      }
      #expect(await thrown { try await client.iterate("soft", from: -2).collected() }?.code == .invalidArgument)
      #expect(await thrown { try await client.iterate("soft", batchSize: 0).collected() }?.code == .invalidArgument)
      try await client.publish(to: "gone", PonyJumped.events(2))
      try await client.setStreamMetadata(of: "gone", StreamMetadata(truncateBefore: 2))
      #expect(try await client.iterate("gone").collected().isEmpty)
    }
  }

  @Test("Row 12: both directions begin where they are told, and backward at the end")
  func row12() async throws {
    try await withClient { client, _ in
      try await client.publish(to: "ponies", PonyJumped.events(10))
      let cases: [(ReadDirection, EventNumber?, [EventNumber])] = [
        (.forward, nil, Array(0..<10)), (.forward, 7, [7, 8, 9]), (.forward, 10, []),
        (.backward, nil, (0..<10).reversed()), (.backward, .streamEnd, (0..<10).reversed()), (.backward, 0, [0]),
        (.backward, 4, [4, 3, 2, 1, 0]), (.backward, 99, (0..<10).reversed()),
      ]
      for (direction, start, numbers) in cases {
        for size in [1, 3, 500] {
          let events = client.iterate("ponies", direction: direction, from: start, batchSize: size)
          #expect(try await events.collected().map(\.number) == numbers, "\(direction) from \(start ?? -9) by \(size)")
        }
      }
    }
  }

  @Test("Row 12: a loop that reads and appends ends with what was there when it began")
  func row12Within() async throws {
    try await withClient { client, _ in
      try await client.publish(to: "ponies", PonyJumped.events(5))
      var numbers: [EventNumber] = []
      for try await event in client.iterate("ponies", batchSize: 2) {
        numbers.append(event.number)
        try await client.publish(to: "ponies", PonyJumped.events(3))
        #expect(try await client.getEvent("ponies", event.number).id == event.id)
      }
      #expect(numbers == [0, 1, 2, 3, 4])
      #expect(try await client.get("ponies").lastEventNumber == 19)
    }
  }

  @Test("Row 12: a loop can be left after one event, and the client goes on")
  func row12Break() async throws {
    try await withClient { client, _ in
      try await client.publish(to: "ponies", PonyJumped.events(100))
      for _ in 0..<20 {
        for try await event in client.iterate("ponies", batchSize: 10) {
          #expect(event.number == 0)
          break
        }
        try await client.ping()
      }
    }
  }

  @Test("Row 12: a cancelled task stops iterating")
  func row12Cancelled() async throws {
    try await withClient { client, _ in
      try await client.publish(to: "ponies", PonyJumped.events(3))
      let (steps, step) = AsyncStream<Void>.makeStream()
      let iterating = Task {
        for try await _ in client.iterate("ponies") {
          step.finish()
          while !Task.isCancelled { await Task.yield() }
        }
      }
      for await _ in steps {}
      iterating.cancel()
      await #expect(throws: CancellationError.self) { try await iterating.value }
    }
  }

  @Test("Row 13: lazy map and filter give what eager ones give")
  func row13() async throws {
    try await withClient { client, _ in
      try await client.publish(to: "ponies", PonyJumped.events(100))
      let lazy = client.iterate("ponies", batchSize: 7)
        .map { try $0.json(as: PonyJumped.self).height }.filter { $0 % 3 == 0 }.prefix(20)
      let eager = try await client.get("ponies").map { try $0.json(as: PonyJumped.self).height }
        .filter { $0 % 3 == 0 }.prefix(20)
      #expect(try await lazy.collected() == Array(eager))
      #expect(eager.count == 20)
    }
  }

  @Test("Row 13: nothing is read before it is asked for: a slow consumer costs one batch")
  func row13Lazy() async throws {
    try await withClient { client, server in
      try await client.publish(to: "ponies", PonyJumped.events(30))
      // Hits the first page of the three, then the second, then the third, each as soon as it is asked for.
      server.plan(Fault(.cutAfter, on: readForward, times: 1))
      var iterator = client.iterate("ponies", batchSize: 10).makeAsyncIterator()
      try await client.ping()
      #expect(server.faultHits == 0)
      for batch in 0..<3 {
        for number in 0..<10 {
          let event = try await iterator.next()
          #expect(event?.number == EventNumber(batch * 10 + number))
          #expect(server.faultHits == batch + 1, "\(batch) \(number)")
          if number == 0 { server.plan(Fault(.cutAfter, on: readForward, times: 1)) }
        }
      }
    }
  }
}
