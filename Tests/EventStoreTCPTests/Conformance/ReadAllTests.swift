import EventStoreCore
import EventStoreServer
import Testing

@Suite("Ports: reading $all", .timeLimit(.minutes(5)))
struct ReadAllTests {
  /// Writes 30 events to three streams in turn; where the first of them stands.
  private func fill(_ store: any EventWriter) async throws -> Position {
    var first: Position?
    for number in 0..<30 {
      let result = try await store.append(events(1), to: StreamName("s\(number % 3)"), expected: .any)
      first = first ?? result.position
    }
    return try #require(first)
  }

  @Test("Forward pages give every event once, in the order of the log", arguments: Implementation.allCases)
  func forward(_ implementation: Implementation) async throws {
    try await implementation.run { place in
      let first = try await fill(place.store)
      for size in [1, 7, 4095] {
        let pages = try await place.store.allPages(.forward, from: first, size: size)
        let found = pages.flatMap(\.events)
        #expect(found.map { $0.event?.stream } == (0..<30).map { StreamName("s\($0 % 3)") })
        #expect(found.map { $0.event?.number } == (0..<30).map { EventNumber($0 / 3) })
        #expect(pages.allSatisfy { $0.events.count <= size && $0.nextPosition > $0.position })
        let positions = found.compactMap(\.position)
        #expect(positions.count == 30 && positions == Array(Set(positions)).sorted())
        #expect(found.allSatisfy { $0.event?.position == $0.position })
      }
    }
  }

  @Test("Backward pages give the same events the other way round", arguments: Implementation.allCases)
  func backward(_ implementation: Implementation) async throws {
    try await implementation.run { place in
      _ = try await fill(place.store)
      let forward = try await place.store.allPages(.forward, from: .start, size: 10).flatMap(\.events)
      for size in [1, 7, 4095] {
        let pages = try await place.store.allPages(.backward, from: .end, size: size)
        #expect(pages.flatMap(\.events) == forward.reversed())
        #expect(pages.allSatisfy { $0.nextPosition < $0.position })
      }
    }
  }

  @Test(
    "A forward read begins with the event at its position, a backward one with the one before",
    arguments: Implementation.allCases)
  func boundaries(_ implementation: Implementation) async throws {
    try await implementation.run { place in
      _ = try await fill(place.store)
      let all = try await place.store.allPages(.forward, from: .start, size: 100).flatMap(\.events)
      for index in [1, all.count / 2, all.count - 1] {
        let position = try #require(all[index].position)
        let forward = try await place.store.readAll(.forward, from: position, maximumCount: 1, resolveLinks: false)
        #expect(forward.events == [all[index]] && forward.position == position)
        let backward = try await place.store.readAll(.backward, from: position, maximumCount: 1, resolveLinks: false)
        #expect(backward.events == [all[index - 1]])
      }
    }
  }

  @Test(
    "At the end a page is empty and stays where it is, and goes on when something was written",
    arguments: Implementation.allCases)
  func end(_ implementation: Implementation) async throws {
    try await implementation.run { place in
      _ = try await fill(place.store)
      let end = try #require(try await place.store.allPages(.forward, from: .start, size: 11).last).nextPosition
      let empty = try await place.store.readAll(.forward, from: end, maximumCount: 10, resolveLinks: false)
      #expect(empty == AllPage(events: [], position: end, nextPosition: end))
      let resolved = try await place.store.readAll(.forward, from: .end, maximumCount: 10, resolveLinks: false)
      #expect(resolved.events.isEmpty && resolved.position == resolved.nextPosition)
      #expect(resolved.position.commit == end.commit)
      let written = try await place.store.append(events(2), to: "later", expected: .noStream)
      let more = try await place.store.readAll(.forward, from: end, maximumCount: 10, resolveLinks: false)
      #expect(more.events.map { $0.event?.number } == [0, 1])
      #expect(more.events.last?.position == written.position)
      #expect(try await place.store.lastPosition() == written.position)
    }
  }

  @Test("Before the first event a backward read gives nothing", arguments: Implementation.allCases)
  func beginning(_ implementation: Implementation) async throws {
    try await implementation.run { place in
      let page = try await place.store.readAll(.backward, from: .start, maximumCount: 10, resolveLinks: false)
      #expect(page == AllPage(events: [], position: .start, nextPosition: .start))
    }
  }

  @Test(
    "A position at which no event begins is the server's error, and names the position",
    arguments: Implementation.allCases)
  func oddPosition(_ implementation: Implementation) async throws {
    try await implementation.run { place in
      let first = try await fill(place.store)
      let odd = Position(commit: first.commit + 1, prepare: first.commit + 1)
      for direction in ReadDirection.allCases {
        let error = await #expect(throws: EventStoreError.self) {
          try await place.store.readAll(direction, from: odd, maximumCount: 10, resolveLinks: false)
        }
        #expect(error?.code == .serverError && error?.position == odd)
        #expect(error?.cause?.isEmpty == false)
      }
    }
  }

  @Test(
    "Events of deleted and truncated streams, metadata and tombstones are all there", arguments: Implementation.allCases
  )
  func everything(_ implementation: Implementation) async throws {
    try await implementation.run { place in
      let start = try await place.store.append(events(2), to: "hard", expected: .noStream)
      let from = try #require(start.position)
      _ = try await place.store.append(events(2), to: "soft", expected: .noStream)
      try await place.store.delete("soft", expected: .exactly(1), hard: false)
      try await place.store.delete("hard", expected: .exactly(1), hard: true)
      let found = try await place.store.allPages(.forward, from: from, size: 3).flatMap(\.events)
      #expect(found.map { $0.event?.stream } == ["hard", "soft", "soft", "$$soft", "hard"])
      #expect(found.map { $0.event?.number } == [1, 0, 1, 0, .deleted])
      #expect(found.last?.event?.type == .tombstone)
    }
  }

  @Test(
    "The events of one append stand side by side, its result names the last of them", arguments: Implementation.allCases
  )
  func appended(_ implementation: Implementation) async throws {
    try await implementation.run { place in
      _ = try await place.store.append(events(1), to: "a", expected: .noStream)
      let result = try await place.store.append(events(3), to: "b", expected: .noStream)
      let page = try await place.store.readAll(.backward, from: .end, maximumCount: 3, resolveLinks: false)
      #expect(page.events.map { $0.event?.stream } == ["b", "b", "b"])
      #expect(page.events.first?.position == result.position)
    }
  }
}
