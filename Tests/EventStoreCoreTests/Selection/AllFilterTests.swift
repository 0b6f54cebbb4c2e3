import EventStoreCore
import Testing

@Suite("Filters of $all")
struct AllFilterTests {
  private func event(_ stream: StreamName, _ type: EventType) -> ResolvedEvent {
    ResolvedEvent(
      event: RecordedEvent(
        stream: stream, number: 0, id: EventID(), type: type, isJSON: false, data: "", created: Timestamp(ticks: 0)))
  }

  @Test(
    "An event is wanted by the prefix of its stream or type, or by what a regular expression finds there",
    arguments: [
      (AllFilter.streams(beginningWith: "order-", "cart-"), true), (.streams(beginningWith: "rder-"), false),
      (.streams(matching: "er-[0-9]+$"), true), (.streams(matching: "^er-"), false),
      (.types(beginningWith: "placed"), true), (.types(beginningWith: "Placed"), false),
      (.types(matching: "ced"), true), (.types(matching: "^ced"), false),
    ])
  func choice(filter: AllFilter, isWanted: Bool) throws {
    #expect(try AllFilterSelector(filter).takes(event("order-12", "placed")) == isWanted)
  }

  @Test("A prefix is a prefix whatever characters are in it", arguments: ["~", "~a.b", "~^", "a*", "^a", "~(", "~\\"])
  func oddPrefixes(prefix: String) throws {
    let selector = try AllFilterSelector(.streams(beginningWith: prefix))
    #expect(selector.takes(event(StreamName(prefix + "x"), "t")))
    #expect(!selector.takes(event(StreamName("x" + prefix), "t")))
    #expect(selector.takes(event("~axb", "t")) == (prefix == "~"))
  }

  @Test("A link is judged by itself, also when it is dead")
  func links() throws {
    let link = RecordedEvent(
      stream: "links", number: 0, id: EventID(), type: .link, isJSON: false, data: "0@order-1",
      created: Timestamp(ticks: 0))
    let target = event("order-1", "placed").event
    for resolved in [ResolvedEvent(event: target, link: link), ResolvedEvent(event: nil, link: link)] {
      #expect(try AllFilterSelector(.streams(beginningWith: "links")).takes(resolved))
      #expect(try !AllFilterSelector(.streams(beginningWith: "order")).takes(resolved))
      #expect(try AllFilterSelector(.types(beginningWith: "$>")).takes(resolved))
    }
  }
}
