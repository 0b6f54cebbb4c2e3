import EventStoreCore
import EventStoreServer
import Testing

@Suite("Ports: links", .timeLimit(.minutes(5)))
struct LinkTests {
  /// Links, in the stream `links`, to one event that can be read and to five that cannot.
  private func fill(_ store: any EventStorePorts) async throws -> [ProposedEvent] {
    let targets = events(3)
    _ = try await store.append(targets, to: "target", expected: .noStream)
    for stream in ["soft", "hard"] as [StreamName] {
      _ = try await store.append(events(1), to: stream, expected: .noStream)
      try await store.delete(stream, expected: .exactly(0), hard: stream == "hard")
    }
    try await store.setMetadata("{\"$tb\":1}", of: "target")
    let texts = ["2@target", "0@target", "7@target", "0@soft", "0@hard", "no link"]
    let links = texts.map { ProposedEvent(type: .link, isJSON: false, data: Bytes($0)) }
    _ = try await store.append(links, to: "links", expected: .noStream)
    return [targets[2]] + links
  }

  @Test("Unresolved, a link is an event as others", arguments: Implementation.allCases)
  func unresolved(_ implementation: Implementation) async throws {
    try await implementation.run { place in
      _ = try await fill(place.store)
      let page = try await place.store.readStream("links", .forward, from: 0, maximumCount: 10, resolveLinks: false)
      #expect(page.events.map { $0.event?.number } == [0, 1, 2, 3, 4, 5])
      #expect(page.events.allSatisfy { $0.link == nil && $0.event?.isLink == true })
    }
  }

  @Test(
    "Resolved, the link comes with its target, a dead one alone: page, $all and single event",
    arguments: Implementation.allCases)
  func resolved(_ implementation: Implementation) async throws {
    try await implementation.run { place in
      let written = try await fill(place.store)
      let page = try await place.store.readStream("links", .forward, from: 0, maximumCount: 10, resolveLinks: true)
      let all = try await place.store.readAll(.backward, from: .end, maximumCount: 6, resolveLinks: true)
      for found in [page.events, all.events.reversed()] {
        #expect(found.map { $0.link?.number } == [0, 1, 2, 3, 4, 5])
        #expect(found.map { $0.link?.id } == written.dropFirst().map(\.id))
        #expect(found.map { $0.event?.id } == [written[0].id, nil, nil, nil, nil, nil])
        #expect(found[0].event?.stream == "target" && found[0].event?.number == 2)
      }
      #expect(all.events.map(\.position) == all.events.map { $0.link?.position })
      for number in 0..<6 {
        let lookup = try await place.store.readEvent("links", number: EventNumber(number), resolveLinks: true)
        #expect(lookup == .found(page.events[number]))
      }
    }
  }

  @Test("A link to a link is resolved once", arguments: Implementation.allCases)
  func linkToLink(_ implementation: Implementation) async throws {
    try await implementation.run { place in
      _ = try await fill(place.store)
      let link = ProposedEvent(type: .link, isJSON: false, data: "0@links")
      _ = try await place.store.append([link], to: "second", expected: .noStream)
      let page = try await place.store.readStream("second", .forward, from: 0, maximumCount: 1, resolveLinks: true)
      #expect(page.events.first?.link?.id == link.id)
      #expect(page.events.first?.event?.data == "2@target")
    }
  }

  @Test("A link does not lead where its reader may not go", arguments: Implementation.allCases)
  func denied(_ implementation: Implementation) async throws {
    try await implementation.run { place in
      _ = try await fill(place.store)
      try await place.store.setMetadata("{\"$acl\":{\"$r\":\"$admins\"}}", of: "target")
      let other = try await place.connect(reader)
      let page = await #expect(throws: EventStoreError.self) {
        try await other.readStream("links", .forward, from: 0, maximumCount: 1, resolveLinks: true)
      }
      let event = await #expect(throws: EventStoreError.self) {
        try await other.readEvent("links", number: 0, resolveLinks: true)
      }
      #expect(page?.code == .accessDenied && event?.code == .accessDenied)
      let unresolved = try await other.readStream("links", .forward, from: 0, maximumCount: 1, resolveLinks: false)
      #expect(unresolved.events.count == 1)
    }
  }
}
