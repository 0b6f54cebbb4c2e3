import EventStoreClient
import EventStoreServer
import Testing

/// Row 14: `$all` is read in slices and iterated over.
@Suite("Reading $all", .timeLimit(.minutes(5)))
struct AllRowTests {
  private func fill(_ client: EventStoreClient) async throws {
    for number in 0..<30 {
      try await client.publish(to: StreamName("s\(number % 4)"), PonyJumped.events(1 + number % 3))
    }
  }

  @Test("Row 14: forward is backward reversed, and positions rise", arguments: [1, 7, 4095])
  func directions(batchSize: Int) async throws {
    try await withClient { client, _ in
      try await fill(client)
      let forward = try await client.iterateAll(batchSize: batchSize).collected()
      let backward = try await client.iterateAll(direction: .backward, batchSize: batchSize).collected()
      #expect(forward.count >= 60 && forward == backward.reversed())
      let positions = forward.compactMap(\.position)
      #expect(positions.count == forward.count)
      #expect(zip(positions, positions.dropFirst()).allSatisfy { $0 < $1 })
      #expect(Set(forward.map(\.receivedEvent.id)).count == forward.count)
    }
  }

  @Test("Row 14: paging by the next position ends, and covers each event once", arguments: ReadDirection.allCases)
  func paging(direction: ReadDirection) async throws {
    try await withClient { client, _ in
      try await fill(client)
      let all = try await client.iterateAll(direction: direction).collected()
      for size in [1, 7] {
        var paged: [Event] = []
        var page = try await client.getAll(direction: direction, maximumCount: size)
        while page.nextPosition != page.position {
          paged += page
          guard paged.count <= all.count else { break }
          page = try await client.getAll(direction: direction, from: page.nextPosition, maximumCount: size)
        }
        #expect(paged == all, "by \(size)")
      }
    }
  }

  @Test("Row 14: an iteration begins at a position: forward with its event, backward with the one before it")
  func start() async throws {
    try await withClient { client, _ in
      try await fill(client)
      let all = try await client.iterateAll().collected()
      for place in [0, 5, all.count - 1] {
        let position = try #require(all[place].position)
        #expect(try await client.iterateAll(from: position, batchSize: 3).collected() == Array(all[place...]))
        let backward = client.iterateAll(direction: .backward, from: position, batchSize: 3)
        #expect(try await backward.collected() == all[..<place].reversed())
      }
    }
  }

  @Test("Row 14: a loop that appends ends with what was there when it began")
  func growing() async throws {
    try await withClient { client, _ in
      try await fill(client)
      let before = try await client.iterateAll().collected().count
      var seen = 0
      for try await _ in client.iterateAll(batchSize: 2) {
        seen += 1
        guard seen <= before else { break }
        try await client.publish(to: "more", PonyJumped.events(2))
      }
      #expect(seen == before)
    }
  }

  @Test("Row 14: who is no administrator may not read it, and the client survives that")
  func denied() async throws {
    try await withClient { client, server in
      try await client.publish(to: "ponies", PonyJumped.events(1))
      try await withEventStoreClient(server.url(user: "reader:reader-pass")) { reader in
        #expect(await thrown { try await reader.getAll() }?.code == .accessDenied)
        #expect(await thrown { try await reader.iterateAll().collected() }?.code == .accessDenied)
        let page = try await reader.get("ponies")
        #expect(page.count == 1)
      }
    }
  }
}
