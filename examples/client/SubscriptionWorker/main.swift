// A worker of a persistent subscription: the server hands each order to one of the workers, again and again until it is
// acknowledged. Start several of them, stop and start them: no order is lost. Ends with Ctrl-C.
//
//   SubscriptionWorker tcp://admin:changeit@localhost:1113

import EventStoreClient

struct OrderPlaced: Codable {
  var item: String
  var amount: Int
}

let server = CommandLine.arguments.dropFirst().first ?? "tcp://admin:changeit@localhost:1113"

try await withEventStoreClient(server) { client in
  do {
    var settings = SubscriptionSettings()
    settings.start = .beginning
    settings.maximumRetryCount = 3
    try await client.createSubscription("workers", on: "orders", settings: settings)
  } catch let error as EventStoreError where error.code == .subscriptionExists {
    // Another worker was first, or this one ran before.
  }

  let subscription = try await client.connectSubscription("workers", to: "orders", inFlightLimit: 20)
  for try await delivered in subscription {
    let event = delivered.event
    do {
      let order = try event.json(as: OrderPlaced.self)
      print("order \(event.number): \(order.amount) x \(order.item)")
      try await subscription.ack(delivered)
    } catch let error as EventStoreError where error.code == .unreadableData {
      // It will not become better: it is put aside, for a person to look at.
      print("parked: \(error.message)")
      try await subscription.nack(delivered, .park, reason: error.message)
    }
  }
}
