// Keeps a sum of all orders in a file: history first, then every new order as it comes. It can be stopped or killed at any
// moment, and goes on where it was: the file holds the sum and how far it has come, and is replaced as a whole.
// Ends with Ctrl-C.
//
//   CatchUpProjection tcp://admin:changeit@localhost:1113 totals.json

import EventStoreClient
import Foundation

struct OrderPlaced: Codable {
  var item: String
  var amount: Int
}

struct Totals: Codable {
  /// The first event that is not counted yet.
  var next: Int64 = 0
  var amounts: [String: Int] = [:]

  init() {}

  init(from file: URL) throws {
    guard FileManager.default.fileExists(atPath: file.path) else { return }
    self = try JSONDecoder().decode(Totals.self, from: Data(contentsOf: file))
  }

  func save(to file: URL) throws {
    try JSONEncoder().encode(self).write(to: file, options: .atomic)
  }
}

let arguments = CommandLine.arguments.dropFirst()
let server = arguments.first ?? "tcp://admin:changeit@localhost:1113"
let file = URL(filePath: arguments.dropFirst().first ?? "totals.json")

var totals = try Totals(from: file)
print("going on with event \(totals.next)")

let client = try await EventStoreClient.connect(server)
for try await event in try await client.catchUp("orders", from: totals.next) {
  // What cannot be read is told, and is behind us too: it would not be readable the next time either.
  do {
    let order = try event.json(as: OrderPlaced.self)
    totals.amounts[order.item, default: 0] += order.amount
  } catch {
    print("not counted: \(error)")
  }
  totals.next = event.number + 1
  try totals.save(to: file)
}
await client.close()
