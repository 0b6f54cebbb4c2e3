// Iterates over a stream and over $all: lazily, in batches, in both directions.
//
//   IterateStream tcp://admin:changeit@localhost:1113

import EventStoreClient

struct Measured: Codable {
  var celsius: Int
}

let server = CommandLine.arguments.dropFirst().first ?? "tcp://admin:changeit@localhost:1113"

try await withEventStoreClient(server) { client in
  let measurements = try (0..<1000).map { try NewEvent.json("Measured", Measured(celsius: $0 % 40)) }
  try await client.publish(to: "thermometer", measurements, expectedVersion: .noStream)

  // From the beginning to the end, 100 events a request; only those are in memory.
  var hottest = Int.min
  for try await event in client.iterate("thermometer", batchSize: 100) {
    hottest = max(hottest, try event.json(as: Measured.self).celsius)
  }
  print("hottest: \(hottest)")

  // Lazily: two batches are read to find the first of these.
  let hot = client.iterate("thermometer", batchSize: 20).filter { try $0.json(as: Measured.self).celsius >= 35 }
  for try await event in hot.prefix(3) { print("hot: event \(event.number)") }

  // Backward from the end; a loop can be left at any time.
  for try await event in client.iterate("thermometer", direction: .backward) {
    print("last: event \(event.number)")
    break
  }

  // Everything there is, of all streams; needs an administrator.
  var count = 0
  for try await event in client.iterateAll() where event.stream == "thermometer" { count += 1 }
  print("in $all: \(count)")
}
