package import EventStoreCore

/// The orders that `demo` writes: a stream each, three events long but for the last one.
package struct DemoOrders: Sequence, IteratorProtocol {
  /// One order.
  package struct Order: Sendable {
    /// A new stream.
    package var stream: StreamName
    /// Its events.
    package var events: [ProposedEvent]
  }

  private static let products = ["Käse", "coffee", "茶", "bread", "хлеб", "olives"]

  private let run: String
  private var left: Int
  private var number = 0

  /// - Parameters:
  ///   - events: How many events there are in all.
  ///   - run: What makes this run's streams new.
  package init(events: Int, run: EventID = EventID()) {
    left = events
    self.run = String(run.description.prefix(8))
  }

  package mutating func next() -> Order? {
    guard left > 0 else { return nil }
    number += 1
    let product = Self.products[number % Self.products.count]
    let total = "\(number % 97 + 1).\(number % 9 + 1)0"
    let story = [
      ("OrderPlaced", #"{"order":\#(number),"product":"\#(product)","total":\#(total)}"#),
      ("OrderPaid", #"{"order":\#(number),"amount":\#(total),"currency":"EUR"}"#),
      ("OrderShipped", #"{"order":\#(number),"parcel":"P-\#(run)-\#(number)"}"#),
    ].prefix(left)
    left -= story.count
    return Order(
      stream: StreamName("demo-order-\(run)-\(number)"),
      events: story.map {
        ProposedEvent(
          type: EventType($0.0), isJSON: true, data: Bytes($0.1), metadata: Bytes(#"{"by":"eventvault demo"}"#))
      })
  }
}
