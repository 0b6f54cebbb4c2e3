import EventStoreClient
import EventStoreServer
import Testing

/// Rows 4, 5 and 7: events are published one by one and many at once.
@Suite("Publishing", .timeLimit(.minutes(5)))
struct PublishingRowTests {
  @Test("Row 4: a Codable body is stored as JSON with the JSON flag; the first event has number 0, the next 1")
  func row4() async throws {
    try await withClient { client, _ in
      let jump = PonyJumped(pony: "Derpy Hooves", height: 10)
      let first = try await client.publishEvent(to: "ponies", type: "PonyJumped", body: jump)
      #expect((first.firstEventNumber, first.lastEventNumber) == (0, 0))
      let second = try await client.publishEvent(
        to: "ponies", type: "PonyJumped", data: #"{"height": 7, "pony": "Applejack"}"#, isJSON: true)
      #expect((second.firstEventNumber, second.lastEventNumber) == (1, 1))
      let position = try #require(second.position)
      #expect(try #require(first.position) < position)

      let events = try await client.get("ponies")
      #expect(events.allSatisfy { $0.isJSON && $0.type == "PonyJumped" })
      #expect(try events[0].json(as: PonyJumped.self) == jump)
      #expect(try events[1].json(as: PonyJumped.self) == PonyJumped(pony: "Applejack", height: 7))
      #expect(events[1].data == #"{"height": 7, "pony": "Applejack"}"#)
    }
  }

  @Test("Row 4: bytes are stored as they are, and without the JSON flag")
  func row4Bytes() async throws {
    try await withClient { client, _ in
      let data = Bytes((0...255).map { UInt8($0) })
      try await client.publishEvent(to: "ponies", type: "PonyPhotographed", data: data)
      let event = try await client.getEvent("ponies", 0)
      #expect(event.data == data && !event.isJSON && event.metadata.isEmpty)
    }
  }

  @Test("Row 4: a body that JSON cannot say is an error, and nothing is sent")
  func row4Refused() async throws {
    try await withClient { client, _ in
      let error = await thrown { try await client.publishEvent(to: "s", type: "t", body: Double.infinity) }
      #expect(error?.code == .invalidArgument && error?.message.contains("type t") == true)
      #expect(await thrown { try await client.get("s") }?.code == .streamNotFound)
    }
  }

  @Test("Row 5: a given id and metadata come back as they were given")
  func row5() async throws {
    try await withClient { client, _ in
      let id = try #require(EventID("f1f4c1d8-3b0c-4d8f-9a53-0a1b2c3d4e5f"))
      let metadata = Bytes([0x7B, 0xFF, 0x00, 0x7D])
      try await client.publishEvent(
        to: "ponies", type: "PonyJumped", body: PonyJumped(pony: "Applejack", height: 1), id: id, metadata: metadata)
      try await client.publishEvent(
        to: "ponies", type: "PonyJumped", body: PonyJumped(pony: "Applejack", height: 2),
        metadata: .json(["user": "rarity"]))
      let events = try await client.get("ponies")
      #expect(events[0].id == id && events[0].metadata == metadata)
      #expect(try events[1].metadata.json(as: [String: String].self) == ["user": "rarity"])
    }
  }

  @Test(
    "Row 5: the table of expected versions holds, and a refusal says where the stream is", arguments: [0, 1, 2])
  func row5Table(length: Int) async throws {
    try await withClient { client, _ in
      let table: [(expected: ExpectedVersion, fitting: Set<Int>)] = [
        (.any, [0, 1, 2]), (.noStream, [0]), (.streamExists, [1, 2]), (.exactly(0), [1]), (.exactly(1), [2]),
        (.exactly(7), []),
      ]
      for (row, (expected, fitting)) in table.enumerated() {
        let stream = StreamName("s\(row)")
        if length > 0 { try await client.publish(to: stream, PonyJumped.events(length)) }
        if fitting.contains(length) {
          let result = try await client.publish(to: stream, PonyJumped.events(1), expectedVersion: expected)
          #expect(result.firstEventNumber == EventNumber(length), "\(expected)")
        } else {
          let error = await thrown {
            try await client.publish(to: stream, PonyJumped.events(1), expectedVersion: expected)
          }
          #expect(error?.code == .wrongExpectedVersion && error?.stream == stream, "\(expected)")
          #expect(error?.currentVersion == EventNumber(length) - 1, "\(expected)")
        }
      }
    }
  }

  @Test("Row 5: the same events with the same expected version again are a success that writes nothing")
  func row5Repeat() async throws {
    try await withClient { client, _ in
      for expected in [ExpectedVersion.noStream, .exactly(2), .any] {
        let events = try PonyJumped.events(3)
        let first = try await client.publish(to: "ponies", events, expectedVersion: expected)
        let again = try await client.publish(to: "ponies", events, expectedVersion: expected)
        #expect(again.firstEventNumber == first.firstEventNumber && again.lastEventNumber == first.lastEventNumber)
        #expect(first.position != nil && again.position == nil)
      }
      #expect(try await client.get("ponies").count == 9)
    }
  }

  @Test("Row 5: an exact version is sent again after a lost connection, and written once; without one it is an error")
  func row5LostAnswer() async throws {
    try await withClient { client, server in
      server.plan(Fault(.cutAfter, on: 0x82))
      let result = try await client.publish(to: "ponies", PonyJumped.events(2), expectedVersion: .noStream)
      #expect(server.faultHits == 1 && result.lastEventNumber == 1)
      server.plan(Fault(.cutAfter, on: 0x82))
      let error = await thrown { try await client.publish(to: "ponies", PonyJumped.events(1)) }
      #expect(server.faultHits == 2 && error?.code == .connectionLost)
      #expect(try await client.get("ponies").count == 3)
    }
  }

  @Test("Row 7: a batch is written whole: first 0, last 2, in order, whatever the bodies")
  func row7() async throws {
    try await withClient { client, _ in
      let bodies: [Bytes] = [Bytes(), Bytes([0x00, 0xFF, 0xFE]), #"{"height": 1}"#]
      let events = bodies.map { NewEvent(type: "Any", isJSON: false, data: $0) }
      let result = try await client.publish(to: "ponies", events)
      #expect((result.firstEventNumber, result.lastEventNumber) == (0, 2))
      #expect(try await client.get("ponies").map(\.data) == bodies)
    }
  }

  @Test("Row 7: a batch that is refused leaves nothing behind")
  func row7Atomic() async throws {
    try await withClient { client, _ in
      let huge = NewEvent(type: "Huge", isJSON: false, data: Bytes([UInt8](repeating: 0, count: 17 << 20)))
      let error = await thrown { try await client.publish(to: "s", PonyJumped.events(2) + [huge]) }
      #expect(error?.code == .eventTooLarge && error?.stream == "s")
      #expect(
        await thrown { try await client.publish(to: "s", PonyJumped.events(2), expectedVersion: .exactly(3)) }?.code
          == .wrongExpectedVersion)
      #expect(await thrown { try await client.get("s") }?.code == .streamNotFound)
      try await client.ping()
    }
  }

  @Test("Row 7: an event of 4 MB survives; an append larger than a frame is an error, and the client goes on")
  func row7Large() async throws {
    try await withClient { client, _ in
      let data = Bytes((0..<4_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
      try await client.publishEvent(to: "s", type: "Large", data: data)
      #expect(try await client.getEvent("s", 0).data == data)
      let half = Bytes([UInt8](repeating: 1, count: 14 << 20))
      let events = (0..<5).map { _ in NewEvent(type: "Large", isJSON: false, data: half) }
      #expect(await thrown { try await client.publish(to: "s", events) }?.code == .eventTooLarge)
      try await client.ping()
      #expect(try await client.get("s").count == 1)
    }
  }
}
