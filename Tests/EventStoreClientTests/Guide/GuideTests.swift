import EventStoreClient
import EventStoreCore
import EventStoreServer
import TestSupport
import Testing

/// Runs what docs/CLIENT.md shows; `SnippetTests` holds the two together.
@Suite("The guide", .timeLimit(.minutes(5)))
struct GuideTests {
  struct PonyJumped: Codable {
    var pony: String
    var height: Double
  }

  @Test("What the guide says of connecting is so")
  func connecting() async throws {
    try await withClient { _, server in
      try await withEventStoreClient(server.url()) { client in
        try await client.ping()
      }
      let client = try await EventStoreClient.connect(server.url(), connectionName: "shop")
      try await client.ping()
      await client.close()
      #expect(await thrown { try await client.ping() }?.code == .clientClosed)
    }
  }

  @Test("What the README shows of publishing is so")
  func readme() async throws {
    try await withClient { _, server in
      try await withEventStoreClient(server.url()) { client in
        let result = try await client.publishEvent(
          to: "ponies", type: "PonyJumped", body: PonyJumped(pony: "Derpy Hooves", height: 10))
        let event = try await client.getEvent("ponies", result.lastEventNumber)
        print(try event.json(as: PonyJumped.self).height)
      }
    }
  }

  private struct OrderPlaced: Codable, Hashable {
    var item: String
  }

  @Test("What the guide says of workers is so")
  func workers() async throws {
    try await withClient { client, _ in
      var settings = SubscriptionSettings()
      settings.start = .beginning
      try await client.createSubscription("workers", on: "orders", settings: settings)
      let orders = ["apples", "pears"].map { OrderPlaced(item: $0) }
      try await client.publish(to: "orders", orders.map { try NewEvent.json("OrderPlaced", $0) })
      let shipped = Locked<[OrderPlaced]>([])
      let ship: @Sendable (OrderPlaced) async -> Void = { order in shipped.withLock { $0.append(order) } }
      let worker = Task {
        let subscription = try await client.connectSubscription("workers", to: "orders", inFlightLimit: 20)
        for try await delivered in subscription {
          try await ship(delivered.event.json(as: OrderPlaced.self))
          try await subscription.ack(delivered)
        }
      }
      #expect(await eventually { shipped.withLock { $0 } == orders })
      worker.cancel()
      await #expect(throws: CancellationError.self) { try await worker.value }
    }
  }

  @Test("What the guide says of publishing, reading, streams and errors is so")
  func guide() async throws {
    try await withClient { client, _ in
      let result = try await client.publishEvent(
        to: "ponies", type: "PonyJumped", body: PonyJumped(pony: "Derpy Hooves", height: 10))
      print(result.lastEventNumber)
      try await client.publishEvent(to: "ponies", type: "PonyPhotographed", data: Bytes([0xFF, 0xD8, 0xFF]))

      let jumps = try [6, 9, 12].map { try NewEvent.json("PonyJumped", PonyJumped(pony: "Applejack", height: $0)) }
      try await client.publish(to: "more-ponies", jumps, expectedVersion: .noStream)

      let ticks = AsyncStream<NewEvent> { continuation in
        for tick in 0..<10 { continuation.yield(NewEvent(type: "Tick", isJSON: true, data: Bytes("\(tick)"))) }
        continuation.finish()
      }
      try await client.publish(to: "ticker", ticks, expectedVersion: .noStream)
      #expect(try await client.get("ticker").lastEventNumber == 9)

      let event = try await client.getEvent("ponies", result.lastEventNumber)
      let jump = try event.json(as: PonyJumped.self)
      let last = try await client.getEvent("ponies", .streamEnd)
      #expect(jump.pony == "Derpy Hooves" && last.type == "PonyPhotographed")

      let page = try await client.get("ponies", from: 0, maximumCount: 2)
      for event in page { print(event.number, event.type) }
      #expect(page.count == 2)

      var heights: [Double] = []
      for try await event in client.iterate("more-ponies", batchSize: 100) {
        heights.append(try event.json(as: PonyJumped.self).height)
      }
      let lastTwo = client.iterate("more-ponies", direction: .backward).prefix(2)
      #expect(heights == [6, 9, 12])
      #expect(try await lastTwo.collected().map(\.number) == [2, 1])

      do {
        try await client.publish(to: "ponies", jumps, expectedVersion: .exactly(0))
      } catch let error as EventStoreError where error.code == .wrongExpectedVersion {
        print("the stream is at \(error.currentVersion ?? -1)")
      }
      #expect(try await client.get("ponies").count == 2)

      try await client.setStreamMetadata(of: "ponies", StreamMetadata(maximumCount: 1000), expectedVersion: .noStream)
      let metadata = try await client.streamMetadata(of: "ponies")
      try await client.delete("more-ponies", expectedVersion: .exactly(2))
      #expect(metadata.maximumCount == 1000)
      #expect(await thrown { try await client.get("more-ponies") }?.code == .streamNotFound)
    }
  }
}
