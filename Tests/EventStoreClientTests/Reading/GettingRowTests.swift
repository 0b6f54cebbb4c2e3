import EventStoreClient
import EventStoreServer
import Testing

/// Rows 6, 8, 9 and 28: one event, a slice of a stream, and links.
@Suite("Getting events", .timeLimit(.minutes(5)))
struct GettingRowTests {
  @Test("Row 6: an event comes back with its JSON, and -1 is the last one")
  func row6() async throws {
    try await withClient { client, _ in
      try await client.publish(to: "ponies", PonyJumped.events(3))
      for (asked, number) in [(0, 0), (2, 2), (.streamEnd, 2), (-1, 2)] as [(EventNumber, EventNumber)] {
        let event = try await client.getEvent("ponies", asked)
        #expect(event.number == number && event.stream == "ponies" && event.type == "PonyJumped")
        #expect(try event.json(as: PonyJumped.self) == PonyJumped(pony: "Derpy Hooves", height: Int(number)))
      }
    }
  }

  @Test(
    "Row 6: a missing number, a missing stream, a deleted one and a denied one are four errors that name the stream")
  func row6Errors() async throws {
    try await withClient { client, server in
      try await client.publish(to: "ponies", PonyJumped.events(1))
      try await client.publish(to: "soft", PonyJumped.events(1))
      try await client.delete("soft")
      try await client.publish(to: "hard", PonyJumped.events(1))
      try await client.tombstone("hard")
      try await client.publish(to: "secret", PonyJumped.events(1))
      try await client.setStreamMetadata(of: "secret", StreamMetadata(acl: StreamACL(readers: ["$admins"])))
      try await withEventStoreClient(server.url(user: "reader:reader-pass")) { reader in
        let errors: [(StreamName, EventNumber, EventStoreError.Code)] = [
          ("ponies", 1, .eventNotFound), ("never", 0, .streamNotFound), ("never", .streamEnd, .streamNotFound),
          ("soft", 0, .streamNotFound), ("hard", 0, .streamDeleted), ("secret", 0, .accessDenied),
        ]
        for (stream, number, code) in errors {
          let error = await thrown { try await reader.getEvent(stream, number) }
          #expect(error?.code == code && error?.stream == stream, "\(stream) \(number)")
          #expect(error?.message.contains("\(stream)") == true, "\(stream) \(number)")
        }
        let event = try await reader.getEvent("ponies", 0)
        #expect(event.number == 0)
      }
    }
  }

  @Test("Row 6: data that are other JSON, or none, are an error that names the event")
  func row6JSON() async throws {
    try await withClient { client, _ in
      try await client.publishEvent(to: "ponies", type: "PonyJumped", body: ["pony": "Applejack"])
      try await client.publishEvent(to: "ponies", type: "PonyJumped", data: Bytes([0xFF]))
      for number in [0, 1] as [EventNumber] {
        let event = try await client.getEvent("ponies", number)
        let error = await thrown { try event.json(as: PonyJumped.self) }
        #expect(error?.code == .unreadableData && error?.stream == "ponies" && error?.cause?.isEmpty == false)
        #expect(error?.message.hasPrefix("event \(number) of stream ponies, of type PonyJumped,") == true)
      }
    }
  }

  @Test("Row 8: a slice has the events that were asked for, where the next begins, and whether it is the last")
  func row8() async throws {
    try await withClient { client, _ in
      try await client.publish(to: "ponies", PonyJumped.events(5))
      let first = try await client.get("ponies", from: 0, maximumCount: 2)
      #expect(first.map(\.number) == [0, 1] && first.nextEventNumber == 2 && !first.isEndOfStream)
      let last = try await client.get("ponies", from: 3, maximumCount: 10)
      #expect(last.map(\.number) == [3, 4] && last.isEndOfStream && last.lastEventNumber == 4)
      let beyond = try await client.get("ponies", from: 9)
      #expect(beyond.isEmpty && beyond.nextEventNumber == 5 && beyond.isEndOfStream)
      #expect(try await client.get("ponies").count == 5)
    }
  }

  @Test("Row 8: what no slice can be is an error, and so is a stream that is not there")
  func row8Errors() async throws {
    try await withClient { client, _ in
      try await client.publish(to: "ponies", PonyJumped.events(1))
      let (positive, tooBig) = ("maxCount should be positive.", "Read size too big, should be less than 4096 items")
      let counts: [(Int, String?)] = [(0, positive), (-1, positive), (4097, tooBig), (4096, nil), (.max, nil)]
      for (count, words) in counts {
        let error = await thrown { try await client.get("ponies", maximumCount: count) }
        #expect(error?.code == .invalidArgument && error?.message.contains("1 to 4095") == true, "\(count)")
        #expect(error?.stream == "ponies" || count == .max)
        #expect(error?.cause?.split(separator: "\n").first.map(String.init) == words, "\(count)")
      }
      // Of $all a server gives no events as an empty page.
      for (count, words) in [(0, nil), (4097, tooBig)] as [(Int, String?)] {
        let error = await thrown { try await client.getAll(maximumCount: count) }
        #expect(error?.code == .invalidArgument && error?.cause == words, "\(count)")
      }
      for number in [-1, -7] as [EventNumber] {
        let error = await thrown { try await client.get("ponies", from: number) }
        #expect(error?.code == .invalidArgument && error?.stream == "ponies", "\(number)")
      }
      #expect(await thrown { try await client.get("never") }?.code == .streamNotFound)
      // What only a server can know comes with the server's words.
      let inside = await thrown { try await client.getAll(from: Position(commit: 1, prepare: 1)) }
      #expect(inside?.code == .serverError && inside?.cause?.isEmpty == false)
      try await client.tombstone("ponies")
      #expect(await thrown { try await client.get("ponies") }?.code == .streamDeleted)
    }
  }

  @Test("Row 9: backward begins at the end, and is forward reversed")
  func row9() async throws {
    try await withClient { client, _ in
      try await client.publish(to: "ponies", PonyJumped.events(3))
      let backward = try await client.get("ponies", direction: .backward)
      #expect(backward.map(\.number) == [2, 1, 0])
      #expect(try await Array(client.get("ponies")) == backward.reversed())
      let slice = try await client.get("ponies", direction: .backward, from: 1, maximumCount: 1)
      #expect(slice.map(\.number) == [1] && slice.nextEventNumber == 0 && !slice.isEndOfStream)
    }
  }

  @Test("Row 28: a resolved link has the link's number, the target's data and type, and is the event that was received")
  func row28() async throws {
    try await withClient { client, _ in
      try await client.publish(to: "ponies", PonyJumped.events(4))
      let links = ["3@ponies", "9@ponies", "1@ponies"].map { NewEvent(type: .link, isJSON: false, data: Bytes($0)) }
      try await client.publish(to: "links", links)

      let resolved = try await client.getEvent("links", 0, resolveLinks: true)
      #expect(resolved.number == 0 && resolved.stream == "links" && resolved.type == "PonyJumped")
      #expect(try resolved.json(as: PonyJumped.self).height == 3)
      #expect(resolved.receivedEvent.id == links[0].id && resolved.receivedEvent.type == .link)
      #expect(resolved.event?.stream == "ponies" && resolved.event?.number == 3 && resolved.id == resolved.event?.id)

      let dead = try await client.getEvent("links", 1, resolveLinks: true)
      #expect(dead.isDeadLink && dead.number == 1 && dead.type == .link && dead.data == "9@ponies")

      let plain = try await client.getEvent("links", 2)
      #expect(!plain.isDeadLink && plain.type == .link && plain.data == "1@ponies" && plain.receivedEvent.number == 2)

      for events in [
        try await Array(client.get("links", resolveLinks: true)),
        try await client.iterate("links", batchSize: 1, resolveLinks: true).collected(),
      ] {
        #expect(events.map(\.number) == [0, 1, 2] && events.map(\.isDeadLink) == [false, true, false])
        #expect(events.compactMap(\.event).map(\.number) == [3, 1])
      }
    }
  }
}
