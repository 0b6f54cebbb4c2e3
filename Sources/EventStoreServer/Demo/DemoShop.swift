/// The demo shop: its departments, and which of them has something to do next.
struct DemoShop {
  private var opening = Happening.allCases[...]
  private var customers = DemoCustomers()
  private var carts = DemoCarts()
  private var orders = DemoOrders()
  private var warehouse = DemoWarehouse()

  private enum Happening: CaseIterable {
    case registerCustomer, limitReadings, takeReading, describeProduct, placeOrder, advanceOrder, fillCart, abandonCart
    case takeNote, reopenCart, restrictPayments, changeAddress, eraseCustomer
  }

  /// One of each kind first, so that a small demo has them all; then by chance.
  mutating func letSomethingHappen(_ composer: inout DemoComposer) {
    if let next = opening.popFirst() {
      perform(next, &composer)
      if next == .placeOrder { for _ in 0..<DemoOrders.steps { orders.advance(&composer) } }
    } else {
      perform(choose(&composer.random), &composer)
    }
  }

  private func choose(_ random: inout DemoRandom) -> Happening {
    switch random.below(1000) {
    case ..<450: .advanceOrder
    case ..<640: .placeOrder
    case ..<700: .registerCustomer
    case ..<750: .changeAddress
    case ..<910: .fillCart
    case ..<940: .takeReading
    case ..<960: .describeProduct
    case ..<980: .takeNote
    case ..<988: .abandonCart
    case ..<991: .reopenCart
    case ..<996: .restrictPayments
    case ..<998: .limitReadings
    default: .eraseCustomer
    }
  }

  private mutating func perform(_ happening: Happening, _ composer: inout DemoComposer) {
    switch happening {
    case .registerCustomer: customers.register(&composer)
    case .changeAddress: customers.changeAddress(&composer)
    case .eraseCustomer: customers.erase(&composer)
    case .fillCart: carts.fill(&composer)
    case .abandonCart: carts.abandon(&composer)
    case .reopenCart: carts.reopen(&composer)
    case .placeOrder: orders.place(customer: composer.random.below(customers.count) + 1, &composer)
    case .advanceOrder: orders.advance(&composer)
    case .restrictPayments: orders.restrictPayments(&composer)
    case .takeReading: warehouse.takeReading(&composer)
    case .limitReadings: warehouse.limitReadings(&composer)
    case .describeProduct: warehouse.describeProduct(&composer)
    case .takeNote: warehouse.takeNote(&composer)
    }
  }
}
