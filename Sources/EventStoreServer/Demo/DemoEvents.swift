package import EventStoreCore

/// A made-up shop's event store: what happens in it, one operation after the other.
///
/// Customers, orders, payments and carts; links, stream metadata with limits, access rights and keys of its own, soft- and
/// hard-deleted and re-created streams, binary and pretty-printed payloads, names in many scripts. The same count and seed
/// give the same operations, on every machine. The first hundred events or so show one of each kind.
package struct DemoEvents: Sequence, Sendable {
  /// How many events the operations leave in `$all` of an empty server, those that the server writes itself included.
  package let count: Int
  /// What the operations depend on.
  package let seed: UInt64

  /// The moment of the first event: 2025-01-06T07:00:00Z.
  package static let opening = Timestamp(ticks: 17_361_468_000_000_000)
  /// The time in which all the events happen: 500 days, in units of 100 ns.
  static let span: Int64 = 500 * 86_400 * Timestamp.ticksPerSecond

  package init(count: Int, seed: UInt64 = 1) {
    self.count = Swift.max(0, count)
    self.seed = seed
  }

  package func makeIterator() -> Iterator {
    Iterator(composer: DemoComposer(count: count, random: DemoRandom(seed: seed)))
  }

  /// Makes the operations in runs whose payloads share one block of memory.
  package struct Iterator: IteratorProtocol {
    private var composer: DemoComposer
    private var shop = DemoShop()
    private var run: ArraySlice<DemoOperation> = []

    init(composer: DemoComposer) {
      self.composer = composer
    }

    package mutating func next() -> DemoOperation? {
      if run.isEmpty {
        while composer.wantsMore { shop.letSomethingHappen(&composer) }
        run = composer.takeOperations()[...]
      }
      return run.popFirst()
    }
  }
}
