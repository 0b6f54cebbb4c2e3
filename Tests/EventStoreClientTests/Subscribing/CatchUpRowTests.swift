import EventStoreClient
import EventStoreServer
import Testing

/// Rows 24 to 27 as a program meets them; `EventStoreTCPTests/CatchUp` proves what they promise.
@Suite("Catching up", .timeLimit(.minutes(5)))
struct CatchUpRowTests {
  /// The numbers of the events up to one, which ends the subscription.
  private func numbers(_ subscription: CatchUpSubscription, upTo last: EventNumber) async throws -> [EventNumber] {
    var numbers: [EventNumber] = []
    for try await event in subscription {
      numbers.append(event.number)
      if event.number == last { await subscription.close() }
    }
    return numbers
  }

  @Test("Row 24: a catch-up begins with the event that is asked for, goes on live, and ends when it is closed")
  func row24() async throws {
    try await withClient { client, _ in
      try await client.publish(to: "ponies", PonyJumped.events(5))
      for start in [0, 2, 4] as [EventNumber] {
        #expect(try await numbers(client.catchUp("ponies", from: start, batchSize: 2), upTo: 4) == Array(start...4))
      }
      var seen: [EventNumber] = []
      let subscription = try await client.catchUp("ponies", from: 3)
      for try await event in subscription {
        seen.append(event.number)
        if event.number < 8 { try await client.publish(to: "ponies", PonyJumped.events(1)) }
        if event.number == 8 { await subscription.close() }
      }
      #expect(seen == Array(3...8))
    }
  }

  @Test("Row 24: who leaves the loop and comes back misses nothing")
  func row24Again() async throws {
    try await withClient { client, _ in
      let catchUp = try await client.catchUp("ponies")
      let live = try await client.subscribe(to: "ponies")
      try await client.publish(to: "ponies", PonyJumped.events(5))
      for expected in 0..<5 as Range<EventNumber> {
        for try await event in catchUp {
          #expect(event.number == expected)
          break
        }
        for try await case .event(let event) in live {
          #expect(event.number == expected)
          break
        }
      }
      await catchUp.close()
      await live.close()
      for try await event in catchUp { Issue.record("an event after the end: \(event.number)") }
      for try await element in live { Issue.record("something after the end: \(element)") }
    }
  }

  @Test("Row 24: from the end of a stream only what is written from now on comes, also where there is none yet")
  func row24End() async throws {
    try await withClient { client, _ in
      try await client.publish(to: "ponies", PonyJumped.events(5))
      for (stream, first) in [("ponies", 5), ("never", 0)] as [(StreamName, EventNumber)] {
        let subscription = try await client.catchUp(stream, from: .streamEnd)
        try await client.publish(to: stream, PonyJumped.events(2))
        #expect(try await numbers(subscription, upTo: first + 1) == [first, first + 1])
      }
      for number in [-2, .min] as [EventNumber] {
        #expect(await thrown { try await client.catchUp("ponies", from: number) }?.code == .invalidArgument)
      }
      try await client.tombstone("ponies")
      #expect(await thrown { try await client.catchUp("ponies", from: .streamEnd) }?.code == .streamDeleted)
    }
  }

  @Test("Row 27: a catch-up on $all goes on after a position, with a filter or without")
  func row27() async throws {
    try await withClient { client, _ in
      for _ in 0..<3 {
        try await client.publish(to: "ponies", PonyJumped.events(2))
        try await client.publish(to: "others", PonyJumped.events(1))
      }
      let all = try await client.iterateAll().collected()
      let ponies = all.filter { $0.stream == "ponies" }
      let everything = try await client.catchUpAll(after: try #require(all[1].position), batchSize: 2)
      #expect(try await everything.prefix(all.count - 2).collected() == Array(all.dropFirst(2)))
      let start = try #require(ponies[1].position)
      for filter in [AllFilter.streams(beginningWith: "pon"), .streams(matching: "n.es$")] {
        let some = try await client.catchUpAll(after: start, filter: filter, batchSize: 2)
        #expect(try await some.prefix(4).collected() == Array(ponies.dropFirst(2)))
      }
      let error = await thrown { try await client.catchUpAll(filter: .types(matching: "(")) }
      #expect(error?.code == .invalidArgument)
    }
  }
}
