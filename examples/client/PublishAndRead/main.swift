// Publishes events to a stream, reads them back, and shows what happens when somebody else was there first.
//
//   PublishAndRead tcp://admin:changeit@localhost:1113

import EventStoreClient

struct PonyJumped: Codable {
  var pony: String
  var height: Double
}

let server = CommandLine.arguments.dropFirst().first ?? "tcp://admin:changeit@localhost:1113"

try await withEventStoreClient(server) { client in
  // One event: its data are JSON.
  let result = try await client.publishEvent(
    to: "ponies", type: "PonyJumped", body: PonyJumped(pony: "Derpy Hooves", height: 10))
  let event = try await client.getEvent("ponies", result.lastEventNumber)
  let jump = try event.json(as: PonyJumped.self)
  print("event \(event.number): \(jump.pony) jumped \(jump.height)")

  // Several at once, all or none, and only if the stream is where we think it is.
  let jumps = try [6, 9, 12].map { try NewEvent.json("PonyJumped", PonyJumped(pony: "Peculiar Hooves", height: $0)) }
  try await client.publish(to: "ponies", jumps, expectedVersion: .exactly(result.lastEventNumber))

  // A slice of the stream.
  let page = try await client.get("ponies", from: 1, maximumCount: 2)
  for event in page { print("event \(event.number): \(event.data)") }
  print(page.isEndOfStream ? "that is all" : "more from \(page.nextEventNumber) on")

  // Whoever expects an older version is told so, and nothing is written.
  do {
    try await client.publish(to: "ponies", PonyJumped.another(), expectedVersion: .exactly(0))
  } catch let error as EventStoreError where error.code == .wrongExpectedVersion {
    print("refused: \(error.message)")
  }
}

extension PonyJumped {
  static func another() throws -> [NewEvent] {
    [try .json("PonyJumped", PonyJumped(pony: "Applejack", height: 1))]
  }
}
