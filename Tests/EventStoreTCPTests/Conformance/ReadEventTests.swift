import EventStoreCore
import EventStoreServer
import Testing

@Suite("Ports: reading one event", .timeLimit(.minutes(5)))
struct ReadEventTests {
  private func found(_ lookup: EventLookup) -> ResolvedEvent? {
    if case .found(let event) = lookup { event } else { nil }
  }

  @Test("An event is found by its number, the last one by -1", arguments: Implementation.allCases)
  func byNumber(_ implementation: Implementation) async throws {
    try await implementation.run { place in
      let sent = events(3)
      _ = try await place.store.append(sent, to: "s", expected: .noStream)
      for (asked, number) in [(0, 0), (1, 1), (2, 2), (.streamEnd, 2)] as [(EventNumber, Int)] {
        let event = try #require(found(try await place.store.readEvent("s", number: asked, resolveLinks: false))?.event)
        #expect(event.number == EventNumber(number) && event.stream == "s")
        #expect(ProposedEvent(event) == sent[number])
      }
    }
  }

  @Test("What is not there is told by its kind", arguments: Implementation.allCases)
  func notThere(_ implementation: Implementation) async throws {
    try await implementation.run { place in
      for stream in ["s", "soft", "hard", "cut"] as [StreamName] {
        _ = try await place.store.append(events(3), to: stream, expected: .noStream)
      }
      try await place.store.delete("soft", expected: .exactly(2), hard: false)
      try await place.store.delete("hard", expected: .exactly(2), hard: true)
      try await place.store.setMetadata("{\"$tb\":2}", of: "cut")
      let expectations: [(StreamName, EventNumber, EventLookup)] = [
        ("s", 3, .notFound), ("s", .max, .notFound), ("cut", 1, .notFound), ("never", 0, .noStream),
        ("never", .streamEnd, .noStream), ("soft", 2, .noStream), ("soft", .streamEnd, .noStream),
        ("hard", 0, .streamDeleted), ("hard", .deleted, .streamDeleted),
      ]
      for (stream, number, lookup) in expectations {
        #expect(
          try await place.store.readEvent(stream, number: number, resolveLinks: false) == lookup, "\(number)@\(stream)")
      }
      #expect(found(try await place.store.readEvent("cut", number: 2, resolveLinks: false)) != nil)
    }
  }

  @Test("A number below -1 is no event number", arguments: Implementation.allCases)
  func noNumber(_ implementation: Implementation) async throws {
    try await implementation.run { place in
      let error = await #expect(throws: EventStoreError.self) {
        try await place.store.readEvent("s", number: -2, resolveLinks: false)
      }
      #expect(error?.code == .invalidArgument)
    }
  }
}
