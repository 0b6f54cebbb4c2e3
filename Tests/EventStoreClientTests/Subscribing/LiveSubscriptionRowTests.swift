import EventStoreClient
import EventStoreCore
import EventStoreServer
import Testing

/// Rows 22 and 23: volatile subscriptions, and what a lost connection costs them.
@Suite("Live subscriptions", .timeLimit(.minutes(5)))
struct LiveSubscriptionRowTests {
  /// Takes elements until they hold `count` events.
  private func take(
    _ count: Int, _ iterator: inout LiveSubscription.Iterator
  ) async throws -> (numbers: [EventNumber], gaps: Int) {
    var taken: (numbers: [EventNumber], gaps: Int) = ([], 0)
    while taken.numbers.count < count, let element = try await iterator.next() {
      switch element {
      case .event(let event): taken.numbers.append(event.number)
      case .gap: taken.gaps += 1
      }
    }
    return taken
  }

  @Test("Row 22: only what is written after the confirmation comes, in order, and the end of it ends the sequence")
  func afterConfirmation() async throws {
    try await withSubscriptions { client, _ in
      try await client.write(3, to: "s")
      for stream in ["s", "missing"] as [StreamName] {
        let subscription = try await client.subscribe(to: stream)
        try await client.write(20, to: stream)
        var iterator = subscription.makeAsyncIterator()
        let first: EventNumber = stream == "s" ? 3 : 0
        #expect(try await take(20, &iterator).numbers == (first..<first + 20).map { $0 })
        await subscription.close()
        try await client.write(1, to: stream)
        let end = try await iterator.next()
        #expect(end == nil)
      }
    }
  }

  @Test("Row 22: a follower serves a volatile subscription, and the client stays there")
  func follower() async throws {
    try await withCluster { cluster in
      let url = cluster.url("nodePreference=follower")
      try await withEventStoreClient(url) { client in
        let node = cluster.connected
        #expect(node == [1] || node == [2])
        let subscription = try await client.subscribe(to: "s")
        let writer = LogConnection(cluster.log)
        for _ in 0..<5 {
          _ = try await writer.append(
            [ProposedEvent(type: "t", isJSON: false, data: "x")], to: "s", expected: .any)
        }
        var iterator = subscription.makeAsyncIterator()
        #expect(try await take(5, &iterator).numbers == [0, 1, 2, 3, 4])
        #expect(cluster.connected == node)
        await subscription.close()
      }
    }
  }

  @Test("Row 23: after a lost connection new events flow again, and the gap is told")
  func gapIsTold() async throws {
    try await withSubscriptions { client, server in
      let subscription = try await client.subscribe(to: "s")
      var iterator = subscription.makeAsyncIterator()
      try await client.write(2, to: "s")
      #expect(try await take(2, &iterator).numbers == [0, 1])
      for round in 1...3 as ClosedRange<EventNumber> {
        #expect(await server.cutConnections() == 1)
        let element = try await iterator.next()
        #expect(element == .gap)
        // The subscription is renewed before this is answered.
        try await client.ping()
        try await client.write(1, to: "s")
        let taken = try await take(1, &iterator)
        #expect(taken.numbers == [round + 1] && taken.gaps == 0)
      }
      await subscription.close()
    }
  }

  @Test(
    "Row 23: when asked, gaps are filled: each event comes once and in order", arguments: ["s", nil] as [StreamName?])
  func gapIsFilled(stream: StreamName?) async throws {
    try await withSubscriptions { client, server in
      let writer = LogConnection(server.log)
      let event = { ProposedEvent(type: "t", isJSON: false, data: "x") }
      _ = try await writer.append([event(), event()], to: "s", expected: .noStream)
      let subscription =
        if let stream {
          try await client.subscribe(to: stream, fillingGaps: true)
        } else {
          try await client.subscribeToAll(fillingGaps: true)
        }
      var iterator = subscription.makeAsyncIterator()
      for round in 0..<5 {
        let first = EventNumber(2 + round * 20)
        for _ in 0..<10 { _ = try await writer.append([event()], to: "s", expected: .any) }
        #expect(await server.cutConnections() == 1)
        for _ in 0..<10 { _ = try await writer.append([event()], to: "s", expected: .any) }
        let taken = try await take(20, &iterator)
        #expect(taken.numbers == (first..<first + 20).map { $0 } && taken.gaps == 0)
        try await client.ping()
      }
      await subscription.close()
      let end = try await iterator.next()
      #expect(end == nil)
    }
  }

  @Test("Row 23: with filled gaps a hard-deleted stream is an error, before it is subscribed to and while it is")
  func deleted() async throws {
    try await withSubscriptions { client, _ in
      try await client.write(1, to: "s")
      let subscription = try await client.subscribe(to: "s", fillingGaps: true)
      try await client.tombstone("s", expectedVersion: .any)
      let error = await thrown { for try await _ in subscription {} }
      #expect(error?.code == .streamDeleted)
      #expect(await thrown { try await client.subscribe(to: "s", fillingGaps: true) }?.code == .streamDeleted)
    }
  }
}
