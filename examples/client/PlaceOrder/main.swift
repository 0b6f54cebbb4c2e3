// Places orders, for SubscriptionWorker and CatchUpProjection to work on.
//
//   PlaceOrder tcp://admin:changeit@localhost:1113 apples 3 pears 2

import EventStoreClient

struct OrderPlaced: Codable {
  var item: String
  var amount: Int?
}

let server = CommandLine.arguments.dropFirst().first ?? "tcp://admin:changeit@localhost:1113"
let words = Array(CommandLine.arguments.dropFirst(2))

try await withEventStoreClient(server) { client in
  var orders: [NewEvent] = []
  for place in stride(from: 0, to: words.count - 1, by: 2) {
    // An amount that is no number is left out; see what the worker does with such an order.
    orders.append(try .json("OrderPlaced", OrderPlaced(item: words[place], amount: Int(words[place + 1]))))
  }
  let result = try await client.publish(to: "orders", orders)
  print("placed \(orders.count) orders, the last is event \(result.lastEventNumber)")
}
