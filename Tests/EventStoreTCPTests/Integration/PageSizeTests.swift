import EventStoreCore
import EventStoreServer
import Testing

@testable import EventStoreTCP

@Suite("Adaptive page size", .timeLimit(.minutes(5)))
struct PageSizeTests {
  private func sized(_ count: Int, bytes: Int) -> [ProposedEvent] {
    let data = Bytes([UInt8](repeating: 7, count: bytes))
    return (0..<count).map { _ in ProposedEvent(type: "t", isJSON: false, data: data) }
  }

  private func withSmallFrames(
    bytes: Int = 64 << 10, _ body: (EmbeddedServer, TCPEventStore) async throws -> Void
  ) async throws {
    var configuration = TCPConfiguration.patient()
    configuration.maximumFrameBytes = bytes
    try await withServer { server in
      try await withStore(configuration, port: server.tcpPort) { try await body(server, $0) }
    }
  }

  private func size(_ store: TCPEventStore) -> Int { store.pageSizing.withLock { $0.currentSize } }

  @Test("Pages over the frame limit are asked for again in quarters, heavy ones halve, and no event is missed")
  func shrinks() async throws {
    try await withSmallFrames { server, store in
      _ = try await LogConnection(server.log).append(sized(200, bytes: 1000), to: "s", expected: .noStream)
      #expect(size(store) == 500)
      let first = try await store.readStream("s", .forward, from: 0, maximumCount: 4095, resolveLinks: false)
      // 500 and 125 broke the limit; the page of 31 was over a quarter of it.
      #expect(first.numbers == Array(0..<31))
      #expect(size(store) == 15)
      let pages = try await store.pages(of: "s", from: first.nextEventNumber, size: 4095)
      #expect(pages.flatMap(\.numbers) == Array(31..<200))
      let all = try await store.allPages(.backward, from: .end, size: 4095).flatMap(\.events)
      #expect(all.filter { $0.event?.stream == "s" }.count == 200)
    }
  }

  @Test("Behind the large events the size rises again")
  func rises() async throws {
    try await withSmallFrames { server, store in
      let writer = LogConnection(server.log)
      _ = try await writer.append(sized(100, bytes: 5000), to: "s", expected: .noStream)
      for batch in 0..<4 {
        _ = try await writer.append(
          sized(1000, bytes: 1), to: "s", expected: .exactly(EventNumber(99 + 1000 * batch)))
      }
      var next: EventNumber = 0
      var sizes: [Int] = []
      var numbers: [EventNumber] = []
      while numbers.count < 4100 {
        let page = try await store.readStream("s", .forward, from: next, maximumCount: 4095, resolveLinks: false)
        numbers += page.numbers
        sizes.append(size(store))
        next = page.nextEventNumber
      }
      #expect(numbers == Array(0..<4100))
      let smallest = try #require(sizes.min())
      #expect(smallest <= 7)
      #expect(try #require(sizes.last) >= 4 * smallest)
    }
  }

  @Test("An event that alone breaks the limit is an error with a hint, and the connection is of use afterwards")
  func oneTooLarge() async throws {
    try await withSmallFrames { server, store in
      let writer = LogConnection(server.log)
      _ = try await writer.append(sized(1, bytes: 100_000), to: "large", expected: .noStream)
      _ = try await writer.append(sized(3, bytes: 10), to: "small", expected: .noStream)
      let error = await error(of: {
        try await store.readStream("large", .forward, from: 0, maximumCount: 4095, resolveLinks: false)
      })
      #expect(error?.code == .frameTooLarge && error?.isTransient == false)
      #expect(error?.message == "one event alone breaks the frame limit of 65536 bytes")
      #expect(error?.hint != nil)
      let page = try await store.readStream("small", .forward, from: 0, maximumCount: 1, resolveLinks: false)
      #expect(page.numbers == [0])
    }
  }

  @Test("A single event that breaks the limit fails when it is read by its number, and is not asked for for ever")
  func eventTooLarge() async throws {
    try await withSmallFrames { server, store in
      _ = try await LogConnection(server.log).append(sized(1, bytes: 100_000), to: "large", expected: .noStream)
      let error = await error(of: { try await store.readEvent("large", number: 0, resolveLinks: false) })
      #expect(error?.code == .frameTooLarge && error?.stream == "large")
    }
  }

  @Test("Reading one event, and appending, beside pages that are too large succeeds")
  func innocent() async throws {
    try await withSmallFrames { server, store in
      let writer = LogConnection(server.log)
      _ = try await writer.append(sized(300, bytes: 1000), to: "large", expected: .noStream)
      _ = try await writer.append(sized(1, bytes: 1), to: "small", expected: .noStream)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<4 {
          group.addTask { _ = try await store.pages(of: "large", from: 0, size: 4095) }
          group.addTask {
            for _ in 0..<50 {
              let page = try await store.readStream("small", .forward, from: 0, maximumCount: 1, resolveLinks: false)
              #expect(page.numbers == [0])
              _ = try await store.readEvent("small", number: 0, resolveLinks: false)
            }
          }
        }
        group.addTask {
          for number in 0..<50 {
            _ = try await store.append(
              events(1), to: "written", expected: ExpectedVersion(after: number == 0 ? nil : EventNumber(number - 1)))
          }
        }
        try await group.waitForAll()
      }
    }
  }

  @Test("Readers beside one whose page is too large get their own pages")
  func besides() async throws {
    try await withSmallFrames { server, store in
      let writer = LogConnection(server.log)
      _ = try await writer.append(sized(300, bytes: 1000), to: "large", expected: .noStream)
      _ = try await writer.append(sized(50, bytes: 1), to: "small", expected: .noStream)
      let counts = try await withThrowingTaskGroup(of: Int.self) { group in
        for reader in 0..<8 {
          group.addTask {
            let stream: StreamName = reader % 2 == 0 ? "large" : "small"
            return try await store.pages(of: stream, from: 0, size: 4095).flatMap(\.numbers).count
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(counts.sorted() == [50, 50, 50, 50, 300, 300, 300, 300])
    }
  }
}
