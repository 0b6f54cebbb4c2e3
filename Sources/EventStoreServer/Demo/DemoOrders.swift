import EventStoreCore

/// The shop's orders and their payments, each in a stream of its own, and a link to every order in `placed-orders`.
struct DemoOrders {
  /// How many steps an order takes from being placed to its end.
  static let steps = 4
  private static let maximumOpen = 400

  private var count = 0
  private var restricted = 0
  private var open: [Order] = []

  private struct Order {
    let number: Int
    let customer: Int
    let cents: Int
    let currency: String
    let correlation: EventID
    var stage = Stage.placed

    var stream: StreamName { StreamName("orders-\(number)") }
    var paymentStream: StreamName { StreamName("payments-\(number)") }
  }

  private enum Stage {
    case placed, paid, packed, shipped
  }

  /// A customer orders one to five things, in one append.
  mutating func place(customer: Int, _ composer: inout DemoComposer) {
    guard open.count < Self.maximumOpen else { return advance(&composer) }
    count += 1
    let context = composer.context()
    let items = (0...composer.random.below(5)).map { _ in item(&composer.random) }
    let order = Order(
      number: count, customer: customer, cents: items.reduce(0) { $0 + $1.quantity * $1.cents },
      currency: composer.random.pick(DemoVocabulary.currencies), correlation: context.correlation)
    let placed = composer.event("OrderPlaced", context: context) { text in
      text.raw(#"{"orderId":"#)
      text.number(order.number)
      text.raw(#","customerId":"#)
      text.number(customer)
      text.raw(#","currency":""#)
      text.plain(order.currency)
      text.raw(#"","items":["#)
      for (place, item) in items.enumerated() {
        if place > 0 { text.raw(",") }
        item.write(&text)
      }
      text.raw(#"],"total":"#)
      text.amount(cents: order.cents)
      text.raw("}")
    }
    composer.append(to: order.stream, [placed])
    composer.append(to: "placed-orders", [composer.link(to: 0, of: order.stream)])
    open.append(order)
  }

  /// An open order goes one step on; one in twenty is cancelled instead of packed, and its payment refunded.
  mutating func advance(_ composer: inout DemoComposer) {
    guard !open.isEmpty else { return place(customer: 1, &composer) }
    let index = composer.random.below(open.count)
    let order = open[index]
    let context = composer.context(of: order.correlation)
    switch order.stage {
    case .placed:
      pay(order, context, &composer)
      open[index].stage = .paid
    case .paid where order.number % 20 == 0:
      cancel(order, context, &composer)
      finish(index)
    case .paid:
      report("OrderPacked", order, context, &composer) { $0.raw(#","parcels":1"#) }
      open[index].stage = .packed
    case .packed:
      let carrier = composer.random.pick(DemoVocabulary.carriers)
      report("OrderShipped", order, context, &composer) { text in
        text.raw(#","carrier":""#)
        text.plain(carrier)
        text.raw(#"""#)
      }
      open[index].stage = .shipped
    case .shipped:
      report("OrderDelivered", order, context, &composer) { _ in }
      finish(index)
    }
  }

  /// The payments of some orders become readable for finance alone; the metadata have keys of the shop's own.
  mutating func restrictPayments(_ composer: inout DemoComposer) {
    guard restricted < count else { return advance(&composer) }
    restricted += 1
    let metadata = composer.event(.streamMetadata) { text in
      text.raw(#"{"$acl":{"$r":["$admins","finance"],"$w":["$admins","finance"],"$d":"$admins"},"#)
      text.raw(#""retentionDays":3650,"owner":"finance","größe":1.50}"#)
    }
    composer.append(to: StreamName("payments-\(restricted)").metadataStream, [metadata])
  }

  /// Requested and captured in one append, then the card terminal's receipt, which is binary.
  private func pay(_ order: Order, _ context: DemoContext, _ composer: inout DemoComposer) {
    let requested = payment("PaymentRequested", order, context, &composer)
    let captured = payment("PaymentCaptured", order, context, &composer)
    composer.append(to: order.paymentStream, [requested, captured])
    if order.number % 4 == 1 {
      let noise = (0..<composer.random.below(12) + 4).map { _ in composer.random.next() }
      let receipt = composer.event("ReceiptStored", isJSON: false, context: context) { text in
        text.bytes += [0x89, 0x00, 0xFF, 0xFE]
        for word in noise { withUnsafeBytes(of: word.littleEndian) { text.bytes.append(contentsOf: $0) } }
      }
      composer.append(to: order.paymentStream, [receipt])
    }
    report("OrderPaid", order, context, &composer) { text in
      text.raw(#","paid":"#)
      text.amount(cents: order.cents)
    }
  }

  private func cancel(_ order: Order, _ context: DemoContext, _ composer: inout DemoComposer) {
    report("OrderCancelled", order, context, &composer) { $0.raw(#","reason":"out of stock""#) }
    composer.append(to: order.paymentStream, [payment("PaymentRefunded", order, context, &composer)])
  }

  private func payment(
    _ type: EventType, _ order: Order, _ context: DemoContext, _ composer: inout DemoComposer
  ) -> DemoComposer.DraftEvent {
    composer.event(type, context: context) { text in
      text.raw(#"{"orderId":"#)
      text.number(order.number)
      text.raw(#","amount":"#)
      text.amount(cents: order.cents)
      text.raw(#","currency":""#)
      text.plain(order.currency)
      text.raw(#"","method":"card"}"#)
    }
  }

  private func report(
    _ type: EventType, _ order: Order, _ context: DemoContext, _ composer: inout DemoComposer,
    more: (inout DemoText) -> Void
  ) {
    let event = composer.event(type, context: context) { text in
      text.raw(#"{"orderId":"#)
      text.number(order.number)
      more(&text)
      text.raw("}")
    }
    composer.append(to: order.stream, [event])
  }

  private mutating func finish(_ index: Int) {
    open.swapAt(index, open.count - 1)
    open.removeLast()
  }

  private func item(_ random: inout DemoRandom) -> OrderItem {
    OrderItem(
      article: random.below(10_000), product: random.pick(DemoVocabulary.products), quantity: random.below(5) + 1,
      cents: random.below(20_000) + 99)
  }
}

/// A line of an order.
private struct OrderItem {
  let article: Int
  let product: String
  let quantity: Int
  let cents: Int

  func write(_ text: inout DemoText) {
    text.raw(#"{"article":"#)
    text.number(article)
    text.raw(#","name":""#)
    text.plain(product)
    text.raw(#"","quantity":"#)
    text.number(quantity)
    text.raw(#","unitPrice":"#)
    text.amount(cents: cents)
    text.raw("}")
  }
}
