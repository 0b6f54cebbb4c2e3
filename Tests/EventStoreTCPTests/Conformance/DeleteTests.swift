import EventStoreCore
import EventStoreServer
import Testing

@Suite("Ports: deleting, and metadata", .timeLimit(.minutes(5)))
struct DeleteTests {
  private func metadata(of stream: StreamName, _ store: any EventReader) async throws -> RecordedEvent? {
    guard
      case .found(let event) = try await store.readEvent(
        stream.metadataStream, number: .streamEnd, resolveLinks: false)
    else { return nil }
    return event.event
  }

  @Test(
    "A soft-deleted stream is gone, and goes on with its numbers when it is written again",
    arguments: Implementation.allCases)
  func soft(_ implementation: Implementation) async throws {
    try await implementation.run { place in
      _ = try await place.store.append(events(3), to: "s", expected: .noStream)
      try await place.store.setMetadata("{\"$maxCount\":100,\"mine\":1}", of: "s")
      try await place.store.delete("s", expected: .exactly(2), hard: false)
      #expect(try await metadata(of: "s", place.store)?.data == "{\"$tb\":9223372036854775807}")
      let result = try await place.store.append(events(2), to: "s", expected: .noStream)
      #expect(result.firstEventNumber == 3 && result.lastEventNumber == 4)
      #expect(try await place.store.pages(of: "s", from: 0, size: 10).flatMap(\.numbers) == [3, 4])
      #expect(try await metadata(of: "s", place.store)?.data == "{\"$tb\":3}")
    }
  }

  @Test("A hard-deleted stream is deleted for ever, its metadata too", arguments: Implementation.allCases)
  func hard(_ implementation: Implementation) async throws {
    try await implementation.run { place in
      _ = try await place.store.append(events(3), to: "s", expected: .noStream)
      try await place.store.delete("s", expected: .any, hard: true)
      for stream in ["s", "$$s"] as [StreamName] {
        let page = try await place.store.readStream(stream, .forward, from: 0, maximumCount: 1, resolveLinks: false)
        #expect(page.status == .deleted, "\(stream)")
      }
      for hard in [false, true] {
        let error = await #expect(throws: EventStoreError.self) {
          try await place.store.delete("s", expected: .any, hard: hard)
        }
        #expect(error?.code == .streamDeleted && error?.stream == "s")
      }
    }
  }

  @Test(
    "A delete holds to its expected version, and deletes what never was", arguments: [true, false],
    Implementation.allCases)
  func expectedVersions(hard: Bool, _ implementation: Implementation) async throws {
    try await implementation.run { place in
      _ = try await place.store.append(events(2), to: "s", expected: .noStream)
      for expected in [.noStream, .exactly(0), .exactly(2)] as [ExpectedVersion] {
        let error = await #expect(throws: EventStoreError.self) {
          try await place.store.delete("s", expected: expected, hard: hard)
        }
        #expect(error?.code == .wrongExpectedVersion && error?.stream == "s")
      }
      #expect(try await place.store.pages(of: "s", from: 0, size: 10).flatMap(\.numbers) == [0, 1])
      try await place.store.delete("s", expected: .exactly(1), hard: hard)
      try await place.store.delete("never", expected: .noStream, hard: hard)
      for stream in ["s", "never"] as [StreamName] {
        let page = try await place.store.readStream(stream, .forward, from: 0, maximumCount: 1, resolveLinks: false)
        #expect(page.status == (hard ? .deleted : .noStream), "\(stream)")
      }
    }
  }

  @Test("A delete that makes no sense is refused before it is sent", arguments: Implementation.allCases)
  func invalid(_ implementation: Implementation) async throws {
    try await implementation.run { place in
      let attempts: [(StreamName, ExpectedVersion)] = [("s", .streamExists), ("", .any), ("$$", .any)]
      for (stream, expected) in attempts {
        let error = await #expect(throws: EventStoreError.self) {
          try await place.store.delete(stream, expected: expected, hard: false)
        }
        #expect(error?.code == .invalidArgument, "\(stream)")
      }
    }
  }

  @Test("Metadata are kept bit for bit, and replaced only at the expected version", arguments: Implementation.allCases)
  func metadata(_ implementation: Implementation) async throws {
    try await implementation.run { place in
      let json: Bytes = "{ \"mine\" : [1.0, 1e400, \"\\ud800\"],\n\t\"$maxCount\":5 , \"mine\":2}"
      let event = ProposedEvent(type: .streamMetadata, isJSON: true, data: json)
      #expect(try await metadata(of: "s", place.store) == nil)
      _ = try await place.store.append([event], to: "$$s", expected: .noStream)
      let stored = try #require(try await metadata(of: "s", place.store))
      #expect(stored.data == json && stored.id == event.id && stored.type == .streamMetadata && stored.number == 0)
      let refused = await #expect(throws: EventStoreError.self) {
        try await place.store.append(
          [ProposedEvent(type: .streamMetadata, isJSON: true, data: "{}")], to: "$$s", expected: .noStream)
      }
      #expect(refused?.code == .wrongExpectedVersion && refused?.currentVersion == 0)
      _ = try await place.store.append(
        [ProposedEvent(type: .streamMetadata, isJSON: true, data: "{}")], to: "$$s", expected: .exactly(0))
      let page = try await place.store.readStream("$$s", .forward, from: 0, maximumCount: 10, resolveLinks: false)
      #expect(page.numbers.last == 1 && page.events.last?.event?.data == "{}")
    }
  }
}
