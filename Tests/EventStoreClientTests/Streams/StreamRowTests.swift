import EventStoreClient
import EventStoreServer
import Testing

/// Row 39: streams are deleted, and their metadata set and read.
@Suite("Streams", .timeLimit(.minutes(5)))
struct StreamRowTests {
  @Test("Row 39: a softly deleted stream is gone, and can be written again")
  func soft() async throws {
    try await withClient { client, _ in
      try await client.publish(to: "ponies", PonyJumped.events(3))
      let early = await thrown { try await client.delete("ponies", expectedVersion: .exactly(1)) }
      #expect(early?.code == .wrongExpectedVersion && early?.stream == "ponies")
      try await client.delete("ponies", expectedVersion: .exactly(2))
      #expect(await thrown { try await client.get("ponies") }?.code == .streamNotFound)
      #expect(try await client.streamMetadata(of: "ponies").isSoftDeleted)
      let result = try await client.publish(to: "ponies", PonyJumped.events(1), expectedVersion: .noStream)
      #expect(result.firstEventNumber == 3)
      #expect(try await client.get("ponies").map(\.number) == [3])
    }
  }

  @Test("Row 39: a tombstone is for ever")
  func hard() async throws {
    try await withClient { client, _ in
      try await client.publish(to: "ponies", PonyJumped.events(3))
      let early = await thrown { try await client.tombstone("ponies", expectedVersion: .exactly(1)) }
      #expect(early?.code == .wrongExpectedVersion)
      try await client.tombstone("ponies", expectedVersion: .exactly(2))
      for error in [
        await thrown { try await client.get("ponies") },
        await thrown { try await client.publish(to: "ponies", PonyJumped.events(1)) },
        await thrown { try await client.tombstone("ponies") },
        await thrown { try await client.rawStreamMetadata(of: "ponies") },
      ] {
        #expect(error?.code == .streamDeleted && error?.stream == "ponies")
      }
    }
  }

  @Test("Row 39: typed metadata come back as they were set, and the server keeps to them")
  func typed() async throws {
    try await withClient { client, server in
      #expect(try await client.streamMetadata(of: "ponies") == StreamMetadata())
      let metadata = StreamMetadata(
        maximumCount: 2, maximumAge: .seconds(3600), truncateBefore: 1, cacheControl: .seconds(7),
        acl: StreamACL(readers: ["$admins", "o\"k\n"], writers: [], metadataReaders: ["$all"]))
      let result = try await client.setStreamMetadata(of: "ponies", metadata, expectedVersion: .noStream)
      #expect(result.lastEventNumber == 0)
      #expect(try await client.streamMetadata(of: "ponies") == metadata)
      try await client.publish(to: "ponies", PonyJumped.events(5))
      #expect(try await client.get("ponies").map(\.number) == [3, 4])
      try await withEventStoreClient(server.url(user: "reader:reader-pass")) { reader in
        #expect(await thrown { try await reader.get("ponies") }?.code == .accessDenied)
        let known = try await reader.streamMetadata(of: "ponies")
        #expect(known == metadata)
      }
      let stale = await thrown {
        try await client.setStreamMetadata(of: "ponies", metadata, expectedVersion: .noStream)
      }
      #expect(stale?.code == .wrongExpectedVersion && stale?.currentVersion == 0)
    }
  }

  @Test("Row 39: metadata that a server would ignore are refused before they are sent")
  func refused() async throws {
    try await withClient { client, _ in
      for metadata in [
        StreamMetadata(maximumCount: 0), StreamMetadata(maximumAge: .milliseconds(1500)),
        StreamMetadata(truncateBefore: -1),
      ] {
        let error = await thrown { try await client.setStreamMetadata(of: "ponies", metadata) }
        #expect(error?.code == .invalidArgument && error?.stream == "ponies")
      }
      let written = try await client.rawStreamMetadata(of: "ponies")
      #expect(written == nil)
    }
  }

  @Test("Row 39: raw metadata keep their bytes, a stream's own keys among them; what is no metadata reads as none")
  func raw() async throws {
    try await withClient { client, _ in
      let json: Bytes = #"{ "$maxCount": 3, "owner": {"name": "Applejack"} }"#
      try await client.setRawStreamMetadata(of: "ponies", json)
      let event = try #require(try await client.rawStreamMetadata(of: "ponies"))
      #expect(event.data == json && event.number == 0 && event.type == .streamMetadata && event.isJSON)
      #expect(try await client.streamMetadata(of: "ponies") == StreamMetadata(maximumCount: 3))
      try await client.setRawStreamMetadata(of: "ponies", "no JSON", expectedVersion: .exactly(0))
      #expect(try await client.rawStreamMetadata(of: "ponies")?.data == "no JSON")
      #expect(try await client.streamMetadata(of: "ponies") == StreamMetadata())
    }
  }
}
