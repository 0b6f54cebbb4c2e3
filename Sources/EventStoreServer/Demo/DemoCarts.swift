import EventStoreCore

/// The shop's carts: short streams with `$maxCount`, many soft-deleted, some opened again.
struct DemoCarts {
  private static let maximumOpen = 200

  private var count = 0
  private var open: [Int] = []
  private var abandoned: [Int] = []

  /// Something is put into an open cart, or into a new one.
  mutating func fill(_ composer: inout DemoComposer) {
    if open.isEmpty || (open.count < Self.maximumOpen && composer.random.below(4) == 0) {
      count += 1
      open.append(count)
      if count % 5 == 1 { limit(count, &composer) }
    }
    let cart = composer.random.pick(open)
    let items = (0...composer.random.below(3)).map { _ in item(of: cart, &composer) }
    composer.append(to: Self.stream(cart), items)
  }

  /// A cart is soft-deleted.
  mutating func abandon(_ composer: inout DemoComposer) {
    guard !open.isEmpty else { return fill(&composer) }
    let cart = open.remove(at: composer.random.below(open.count))
    if composer.softDelete(Self.stream(cart)), abandoned.count < Self.maximumOpen { abandoned.append(cart) }
  }

  /// A soft-deleted cart is written again: its numbers go on.
  mutating func reopen(_ composer: inout DemoComposer) {
    guard open.count < Self.maximumOpen, !abandoned.isEmpty else { return fill(&composer) }
    let cart = abandoned[composer.random.below(abandoned.count)]
    let back = item(of: cart, &composer)
    guard composer.recreate(Self.stream(cart), with: [back]) else { return fill(&composer) }
    abandoned.removeAll { $0 == cart }
    open.append(cart)
  }

  /// Some carts keep only their last ten events.
  private func limit(_ cart: Int, _ composer: inout DemoComposer) {
    let metadata = composer.event(.streamMetadata) { text in
      text.raw(#"{"$maxCount":10,"owner":"web","retention":{"reason":"carts are short-lived","reviewed":null}}"#)
    }
    composer.append(to: Self.stream(cart).metadataStream, [metadata])
  }

  private func item(of cart: Int, _ composer: inout DemoComposer) -> DemoComposer.DraftEvent {
    let product = composer.random.pick(DemoVocabulary.products)
    let quantity = composer.random.below(4) + 1
    return composer.event("CartItemAdded", context: composer.context()) { text in
      text.raw(#"{"cartId":"#)
      text.number(cart)
      text.raw(#","product":""#)
      text.plain(product)
      text.raw(#"","quantity":"#)
      text.number(quantity)
      text.raw("}")
    }
  }

  private static func stream(_ cart: Int) -> StreamName { StreamName("carts-\(cart)") }
}
