import EventStoreCore
import EventStoreServer
import NIOCore
import Testing

@Suite("Ports: names and payloads", .timeLimit(.minutes(5)))
struct PayloadTests {
  private static let names: [[UInt8]] = [
    Array("a\0b".utf8), [0], Array("a/b/../c?d#e%41".utf8), Array("with spaces ".utf8), Array("Zoë \u{1F980} 日本".utf8),
    [UInt8](repeating: UInt8(ascii: "n"), count: 1000), Array("$all".utf8) + [0], Array("\"quoted\"\\\n".utf8),
  ]

  private static let payloads: [[UInt8]] = [
    [], [0], Array(0...255), [0xFF, 0xFE], [0xEF, 0xBB, 0xBF] + Array("{}".utf8), [0xC0, 0x80, 0xED, 0xA0, 0x80],
    Array("{\"a\":1,\"a\":2}".utf8), Array("{ \"n\" : 1e999 ,\r\n\t\"s\":\"\\ud800\" }".utf8),
    [UInt8](repeating: UInt8(ascii: "["), count: 2000), [UInt8](repeating: 0xFF, count: 70_000),
  ]

  /// That many bytes, without a copy.
  private static func bytes(_ count: Int) -> Bytes {
    final class Memory {
      let bytes: UnsafeRawBufferPointer

      init(_ count: Int) {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
        memory.initializeMemory(as: UInt8.self, repeating: 0xA5)
        bytes = UnsafeRawBufferPointer(memory)
      }

      deinit { bytes.deallocate() }
    }
    let memory = Memory(count)
    return Bytes(owner: memory, memory: memory.bytes)
  }

  @Test("A stream is found by the very bytes of its name, and so is its metadata", arguments: Implementation.allCases)
  func streamNames(_ implementation: Implementation) async throws {
    try await implementation.run { place in
      for (number, bytes) in Self.names.enumerated() {
        let stream = StreamName(utf8: bytes)
        let batch = events(number + 1)
        _ = try await place.store.append(batch, to: stream, expected: .noStream)
        try await place.store.setMetadata(Bytes("{\"n\":\(number)}"), of: stream)
      }
      for (number, bytes) in Self.names.enumerated() {
        let stream = StreamName(utf8: bytes)
        let page = try await place.store.readStream(stream, .forward, from: 0, maximumCount: 100, resolveLinks: false)
        #expect(page.events.map { $0.event?.stream } == Array(repeating: stream, count: number + 1), "\(stream)")
        let metadata = try await place.store.readEvent(stream.metadataStream, number: 0, resolveLinks: false)
        guard case .found(let event) = metadata else {
          Issue.record("no metadata of \(stream)")
          continue
        }
        #expect(event.event?.data == Bytes("{\"n\":\(number)}"))
      }
      let all = try await place.store.allPages(.forward, from: .start, size: 100).flatMap(\.events)
      let found = Set(all.compactMap { $0.event?.stream.utf8 })
      #expect(found.isSuperset(of: Self.names))
    }
  }

  @Test("A type keeps its bytes", arguments: Implementation.allCases)
  func types(_ implementation: Implementation) async throws {
    try await implementation.run { place in
      let batch = Self.names.map { ProposedEvent(type: EventType(utf8: $0), isJSON: false, data: "x") }
      _ = try await place.store.append(batch, to: "s", expected: .noStream)
      let page = try await place.store.readStream("s", .forward, from: 0, maximumCount: 100, resolveLinks: false)
      #expect(page.events.map { $0.event?.type.utf8 } == Self.names)
    }
  }

  @Test(
    "Data and metadata come back bit for bit, called JSON or not", arguments: [true, false], Implementation.allCases)
  func payloads(isJSON: Bool, _ implementation: Implementation) async throws {
    try await implementation.run { place in
      let batch = zip(Self.payloads, Self.payloads.reversed()).map { data, metadata in
        ProposedEvent(type: "payload", isJSON: isJSON, data: Bytes(data), metadata: Bytes(metadata))
      }
      let result = try await place.store.append(batch, to: "s", expected: .noStream)
      let stream = try await place.store.readStream("s", .forward, from: 0, maximumCount: 100, resolveLinks: false)
      #expect(stream.events.compactMap { $0.event.map { ProposedEvent($0) } } == batch)
      let all = try await place.store.readAll(.backward, from: .end, maximumCount: batch.count, resolveLinks: false)
      #expect(all.events.first?.position == result.position)
      #expect(all.events.reversed().compactMap { $0.event.map { ProposedEvent($0) } } == batch)
    }
  }

  @Test(
    "The largest event is taken and given back, one byte more is refused and nothing written",
    arguments: Implementation.allCases)
  func largest(_ implementation: Implementation) async throws {
    try await implementation.run { place in
      let limit = await place.store.limits.maximumEventBytes
      #expect(limit == 16_767_216)
      let metadata = Bytes([UInt8](repeating: 7, count: 1000))
      let size = limit - metadata.count - 2
      let data = Self.bytes(size + 1)
      let event = ProposedEvent(type: "t", isJSON: false, data: data.slice(0..<size), metadata: metadata)
      #expect(event.weightInBytes == limit)
      _ = try await place.store.append([event], to: "s", expected: .noStream)
      guard case .found(let found) = try await place.store.readEvent("s", number: 0, resolveLinks: false) else {
        Issue.record("the largest event is not there")
        return
      }
      let stored = try #require(found.event)
      // Compared as buffers: byte by byte it takes seconds.
      let isEqual = stored.data.withUnsafeBytes { ByteBuffer(bytes: $0) == ByteBuffer(repeating: 0xA5, count: size) }
      #expect(isEqual && stored.metadata == metadata)
      let count = place.log.eventCount
      let larger = ProposedEvent(type: "t", isJSON: false, data: data, metadata: metadata)
      let error = await #expect(throws: EventStoreError.self) {
        try await place.store.append([larger], to: "s", expected: .exactly(0))
      }
      #expect(error?.code == .eventTooLarge && error?.stream == "s")
      #expect(place.log.eventCount == count)
    }
  }

  @Test("An append larger than the limit is refused and nothing written", arguments: Implementation.allCases)
  func largestAppend(_ implementation: Implementation) async throws {
    try await implementation.run { place in
      let data = Self.bytes(16_000_000)
      let batch = (0..<5).map { _ in ProposedEvent(type: "t", isJSON: false, data: data) }
      let count = place.log.eventCount
      let error = await #expect(throws: EventStoreError.self) {
        try await place.store.append(batch, to: "s", expected: .noStream)
      }
      #expect(error?.code == .eventTooLarge)
      #expect(place.log.eventCount == count)
    }
  }
}
