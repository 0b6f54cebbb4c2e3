// Publishes what an AsyncSequence gives, in batches: the sequence waits while a batch is being written.
//
//   PublishSequence tcp://admin:changeit@localhost:1113

import EventStoreClient

struct Tick: Codable {
  var tick: Int
}

/// Ticks, some milliseconds apart.
struct Ticker: AsyncSequence, AsyncIteratorProtocol, Sendable {
  let count: Int
  var tick = 0

  func makeAsyncIterator() -> Ticker { self }

  mutating func next() async throws -> NewEvent? {
    guard tick < count else { return nil }
    try await Task.sleep(for: .milliseconds(2))
    defer { tick += 1 }
    return try .json("Tick", Tick(tick: tick))
  }
}

let server = CommandLine.arguments.dropFirst().first ?? "tcp://admin:changeit@localhost:1113"

try await withEventStoreClient(server) { client in
  var batches = PublishBatches()
  batches.maximumEvents = 100
  batches.maximumDelay = .milliseconds(50)
  let result = try await client.publish(
    to: "ticker", Ticker(count: 250), expectedVersion: .noStream, batches: batches
  ) { batch in
    print("written up to event \(batch.lastEventNumber)")
  }
  print("events \(result?.firstEventNumber ?? -1) to \(result?.lastEventNumber ?? -1)")
}
