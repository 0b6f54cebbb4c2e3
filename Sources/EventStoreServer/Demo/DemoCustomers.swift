import EventStoreCore

/// The shop's customers: names in many scripts, links to each registration, and some who want to be forgotten.
struct DemoCustomers {
  private static let erasedOneIn = 50

  private(set) var count = 0
  private var erased = 0

  /// A customer of its own stream, and a link to it in `new-customers`.
  mutating func register(_ composer: inout DemoComposer) {
    count += 1
    let stream = StreamName("customers-\(count)")
    let number = count
    let name = composer.random.pick(DemoVocabulary.people)
    let city = composer.random.pick(DemoVocabulary.cities)
    let registered = composer.event("CustomerRegistered", context: composer.context()) { text in
      text.raw(#"{"customerId":"#)
      text.number(number)
      text.raw(#","name":""#)
      text.plain(name)
      text.raw(#"","city":""#)
      text.plain(city)
      text.raw(number % 3 == 0 ? #"","newsletter":true}"# : #"","newsletter":false}"#)
    }
    composer.append(to: stream, [registered])
    composer.append(to: "new-customers", [composer.link(to: 0, of: stream)])
  }

  /// A customer moves; the data have spaces that are not those of other events.
  mutating func changeAddress(_ composer: inout DemoComposer) {
    let customer = composer.random.below(count) + 1
    guard !isErased(customer) else { return register(&composer) }
    let city = composer.random.pick(DemoVocabulary.cities)
    let changed = composer.event("CustomerAddressChanged", context: composer.context()) { text in
      text.raw(#"{ "customerId" : "#)
      text.number(customer)
      text.raw(#", "city" : ""#)
      text.plain(city)
      text.raw(#"" }"#)
    }
    composer.append(to: StreamName("customers-\(customer)"), [changed])
  }

  /// Customers 1, 51, 101, … are forgotten in turn: the stream is hard-deleted and never written again, its links die.
  mutating func erase(_ composer: inout DemoComposer) {
    let next = erased * Self.erasedOneIn + 1
    guard next <= count else { return register(&composer) }
    erased += 1
    composer.hardDelete(StreamName("customers-\(next)"))
  }

  private func isErased(_ customer: Int) -> Bool {
    customer % Self.erasedOneIn == 1 && customer / Self.erasedOneIn < erased
  }
}
