import EventStoreCore
import EventStoreServer
import Testing

@Suite("Ports: appending", .timeLimit(.minutes(5)))
struct AppendTests {
  /// What an append of one new event comes to.
  private enum Outcome: Equatable {
    /// It gets this number.
    case number(EventNumber)
    /// The stream is at another version: this one.
    case wrong(EventNumber)
    /// The stream is deleted.
    case deleted
  }

  /// States of a stream, and what each expected version means in them.
  private static let table: [(stream: StreamName, expected: [(ExpectedVersion, Outcome)])] = [
    (
      "missing",
      [
        (.any, .number(0)), (.noStream, .number(0)), (.streamExists, .wrong(-1)), (.exactly(0), .wrong(-1)),
        (.exactly(1), .wrong(-1)),
      ]
    ),
    (
      "one",
      [
        (.any, .number(1)), (.noStream, .wrong(0)), (.streamExists, .number(1)), (.exactly(0), .number(1)),
        (.exactly(1), .wrong(0)),
      ]
    ),
    (
      "two",
      [
        (.any, .number(2)), (.noStream, .wrong(1)), (.streamExists, .number(2)), (.exactly(0), .wrong(1)),
        (.exactly(1), .number(2)),
      ]
    ),
    (
      "soft",
      [
        (.any, .number(2)), (.noStream, .number(2)), (.streamExists, .deleted), (.exactly(0), .wrong(1)),
        (.exactly(1), .number(2)),
      ]
    ),
    (
      "hard",
      [
        (.any, .deleted), (.noStream, .deleted), (.streamExists, .deleted), (.exactly(0), .deleted),
        (.exactly(1), .deleted),
      ]
    ),
  ]

  private func prepare(_ state: StreamName, as stream: StreamName, _ store: any EventWriter) async throws {
    guard state != "missing" else { return }
    _ = try await store.append(events(state == "one" ? 1 : 2), to: stream, expected: .noStream)
    guard state == "soft" || state == "hard" else { return }
    try await store.delete(stream, expected: .exactly(1), hard: state == "hard")
  }

  @Test("Each expected version holds in each state of a stream as EventStore says", arguments: Implementation.allCases)
  func expectedVersions(_ implementation: Implementation) async throws {
    try await implementation.run { place in
      for (state, expectations) in Self.table {
        for (expected, outcome) in expectations {
          let stream = StreamName("\(state)-\(expected.wireValue)")
          try await prepare(state, as: stream, place.store)
          let count = place.log.eventCount
          #expect(try await append(events(1), to: stream, expected, place.store) == outcome, "\(state), \(expected)")
          if case .number = outcome { continue }
          #expect(place.log.eventCount == count, "\(state), \(expected): refused, and written all the same")
        }
      }
    }
  }

  private func append(
    _ events: [ProposedEvent], to stream: StreamName, _ expected: ExpectedVersion, _ store: any EventWriter
  ) async throws -> Outcome {
    do {
      let result = try await store.append(events, to: stream, expected: expected)
      #expect(result.position != nil && result.firstEventNumber == result.lastEventNumber)
      return .number(result.lastEventNumber)
    } catch let error as EventStoreError where error.code == .wrongExpectedVersion {
      #expect(error.stream == stream && error.cause == "Wrong expected version." && !error.isTransient)
      return .wrong(try #require(error.currentVersion))
    } catch let error as EventStoreError where error.code == .streamDeleted {
      #expect(error.stream == stream && error.cause == "Stream is deleted.")
      return .deleted
    }
  }

  @Test("A result tells first and last number, and where the last event stands", arguments: Implementation.allCases)
  func results(_ implementation: Implementation) async throws {
    try await implementation.run { place in
      let first = try await place.store.append(events(3), to: "s", expected: .noStream)
      #expect(first.firstEventNumber == 0 && first.lastEventNumber == 2)
      let second = try await place.store.append(events(4), to: "s", expected: .exactly(2))
      #expect(second.firstEventNumber == 3 && second.lastEventNumber == 6)
      #expect(try #require(second.position) > (try #require(first.position)))
      let single = try await place.store.append(events(1), to: "s", expected: .any)
      #expect(single.firstEventNumber == 7 && single.lastEventNumber == 7)
    }
  }

  @Test("The same events with the same expected version are a repeat, however old", arguments: Implementation.allCases)
  func repeats(_ implementation: Implementation) async throws {
    try await implementation.run { place in
      for expected in [.noStream, .any] as [ExpectedVersion] {
        let stream = StreamName("s \(expected)")
        let (one, two, three) = (events(2), events(3), events(1))
        _ = try await place.store.append(one, to: stream, expected: expected)
        _ = try await place.store.append(two, to: stream, expected: .exactly(1))
        _ = try await place.store.append(three, to: stream, expected: .streamExists)
        let count = place.log.eventCount
        for (batch, expected, first, last) in [
          (one, expected, 0, 1), (two, .exactly(1), 2, 4), (three, .streamExists, 5, 5), ([two[0]], .exactly(1), 2, 2),
        ] as [([ProposedEvent], ExpectedVersion, EventNumber, EventNumber)] {
          let result = try await place.store.append(batch, to: stream, expected: expected)
          #expect(result == AppendResult(firstEventNumber: first, lastEventNumber: last, position: nil))
        }
        #expect(place.log.eventCount == count)
      }
    }
  }

  @Test(
    "Known events with a newer expected version are written again, with more of them they are refused",
    arguments: Implementation.allCases)
  func almostRepeats(_ implementation: Implementation) async throws {
    try await implementation.run { place in
      let batch = events(2)
      _ = try await place.store.append(batch, to: "s", expected: .noStream)
      let again = try await place.store.append(batch, to: "s", expected: .exactly(1))
      #expect(again.firstEventNumber == 2 && again.lastEventNumber == 3 && again.position != nil)
      for (longer, expected) in [(batch + events(3), .noStream), (batch + events(3), .any)]
        as [(
          [ProposedEvent], ExpectedVersion
        )]
      {
        let error = await #expect(throws: EventStoreError.self) {
          try await place.store.append(longer, to: "s", expected: expected)
        }
        #expect(error?.code == .wrongExpectedVersion && error?.currentVersion == 3)
      }
    }
  }

  @Test("An append of nothing checks the expected version, and makes no stream", arguments: Implementation.allCases)
  func empty(_ implementation: Implementation) async throws {
    try await implementation.run { place in
      let none = try await place.store.append([], to: "s", expected: .noStream)
      #expect(none.firstEventNumber == 0 && none.lastEventNumber == -1)
      let page = try await place.store.readStream("s", .forward, from: 0, maximumCount: 1, resolveLinks: false)
      #expect(page.status == .noStream)
      _ = try await place.store.append(events(2), to: "s", expected: .noStream)
      let after = try await place.store.append([], to: "s", expected: .exactly(1))
      #expect(after.firstEventNumber == 2 && after.lastEventNumber == 1)
      let error = await #expect(throws: EventStoreError.self) {
        try await place.store.append([], to: "s", expected: .exactly(7))
      }
      #expect(error?.code == .wrongExpectedVersion)
    }
  }

  @Test("What no server takes is refused before it is sent", arguments: Implementation.allCases)
  func invalid(_ implementation: Implementation) async throws {
    try await implementation.run { place in
      let count = place.log.eventCount
      let attempts: [(StreamName, [ProposedEvent], ExpectedVersion)] = [
        ("", events(1), .any), ("$$", events(1), .any),
        ("s", [ProposedEvent(type: "", isJSON: false, data: "x")], .any),
        ("s", events(1), .exactly(-3)),
      ]
      for (stream, batch, expected) in attempts {
        let error = await #expect(throws: EventStoreError.self) {
          try await place.store.append(batch, to: stream, expected: expected)
        }
        #expect(error?.code == .invalidArgument, "\(stream)")
      }
      #expect(place.log.eventCount == count)
    }
  }

  @Test("A full append of as many events as the limit says keeps their order", arguments: Implementation.allCases)
  func manyEvents(_ implementation: Implementation) async throws {
    try await implementation.run { place in
      let count = await place.store.limits.maximumAppendEvents
      let batch = events(count)
      let result = try await place.store.append(batch, to: "s", expected: .noStream)
      #expect(result.lastEventNumber == EventNumber(count - 1))
      let pages = try await place.store.pages(of: "s", from: 0, size: 4095)
      #expect(pages.flatMap(\.events).map { $0.event?.id } == batch.map(\.id))
    }
  }
}
