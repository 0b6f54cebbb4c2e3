import EventStoreCore
import EventStoreServer
import Testing

@Suite("Ports: who may do what", .timeLimit(.minutes(5)))
struct AccessTests {
  @Test("$all is for administrators, whichever way it is read", arguments: Implementation.allCases)
  func all(_ implementation: Implementation) async throws {
    try await implementation.run { place in
      for user in [nil, reader] {
        let store = try await place.connect(user)
        for (direction, position) in [(.forward, .start), (.backward, .end)] as [(ReadDirection, Position)] {
          let error = await error(of: {
            try await store.readAll(direction, from: position, maximumCount: 1, resolveLinks: false)
          })
          #expect(error?.code == .accessDenied)
        }
      }
    }
  }

  @Test(
    "An access list denies reading, writing, deleting and metadata, each by itself", arguments: Implementation.allCases)
  func lists(_ implementation: Implementation) async throws {
    try await implementation.run { place in
      let other = try await place.connect(reader)
      for right in ["$r", "$w", "$d", "$mr", "$mw"] {
        let stream = StreamName("without \(right)")
        let list = Bytes("{\"$acl\":{\"\(right)\":\"$admins\"}}")
        _ = try await place.store.append(events(1), to: stream, expected: .noStream)
        try await place.store.setMetadata(list, of: stream)
        let count = place.log.eventCount
        var denied: [String] = []
        let attempts: [(String, () async throws -> Void)] = [
          ("$r", { _ = try await other.readStream(stream, .forward, from: 0, maximumCount: 1, resolveLinks: false) }),
          ("$r", { _ = try await other.readEvent(stream, number: 0, resolveLinks: false) }),
          ("$mr", { _ = try await other.readEvent(stream.metadataStream, number: .streamEnd, resolveLinks: false) }),
          ("$w", { _ = try await other.append(events(1), to: stream, expected: .any) }),
          ("$mw", { try await other.setMetadata(list, of: stream) }),
          ("$d", { try await other.delete(stream, expected: .any, hard: false) }),
        ]
        for (needed, attempt) in attempts {
          do {
            try await attempt()
            #expect(needed != right)
          } catch let error as EventStoreError {
            #expect(error.code == .accessDenied && !error.isTransient)
            denied.append(needed)
          }
        }
        #expect(Set(denied) == [right])
        if right == "$w" { #expect(place.log.eventCount == count + 2) }
      }
    }
  }

  @Test("Row 34: whoever is named in the list may, anonymous clients are not", arguments: Implementation.allCases)
  func named(_ implementation: Implementation) async throws {
    try await implementation.run { place in
      _ = try await place.store.append(events(1), to: "s", expected: .noStream)
      try await place.store.setMetadata("{\"$acl\":{\"$r\":\"reader\"}}", of: "s")
      let named = try await place.connect(reader)
      let page = try await named.readStream("s", .forward, from: 0, maximumCount: 1, resolveLinks: false)
      #expect(page.numbers == [0])
      let anonymous = try await place.connect(nil)
      let error = await #expect(throws: EventStoreError.self) {
        try await anonymous.readStream("s", .forward, from: 0, maximumCount: 1, resolveLinks: false)
      }
      #expect(error?.code == .accessDenied && error?.stream == "s")
    }
  }
}
