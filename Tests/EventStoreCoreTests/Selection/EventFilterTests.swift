import EventStoreCore
import Testing

@Suite struct EventFilterTests {
  private func event(_ stream: StreamName, _ type: EventType = "Placed") -> RecordedEvent {
    RecordedEvent(
      stream: stream, number: 0, id: EventID(), type: type, isJSON: false, data: "",
      created: Timestamp(ticks: 0))
  }

  private func taken(_ filter: EventFilter, _ streams: [StreamName]) throws -> [StreamName] {
    let selector = try EventSelector(filter)
    return streams.filter { selector.takes(event($0)) && selector.takes($0) }
  }

  private func taken(_ filter: EventFilter, types: [EventType]) throws -> [EventType] {
    let selector = try EventSelector(filter)
    return types.filter { selector.takes(event("s", $0)) }
  }

  @Test("Without patterns everything is taken")
  func everything() throws {
    #expect(EventFilter.everything.takesEverything)
    #expect(try taken(.everything, ["a", "$b", "", StreamName(utf8: [0xFF])]).count == 4)
    #expect(!EventFilter(excludeTypes: ["A"]).takesEverything)
  }

  @Test("A prefix is compared byte by byte, and any one of several is enough")
  func prefixes() throws {
    let filter = EventFilter(includeStreams: ["order-", "caf\u{E9}"])
    let names: [StreamName] = ["order-1", "order", "Order-1", "my order-1", "caf\u{E9}-1", "cafe\u{301}-1", "order-"]
    #expect(try taken(filter, names) == ["order-1", "caf\u{E9}-1", "order-"])
    let notUTF8 = StreamName(utf8: Array("order-".utf8) + [0xFF])
    #expect(try taken(filter, [notUTF8]) == [notUTF8])
    // U+FFFD is what people see of the byte; it is not the byte.
    #expect(try taken(EventFilter(includeStreams: ["order-\u{FFFD}"]), [notUTF8]).isEmpty)
  }

  @Test("An exclude wins over every include")
  func excludes() throws {
    let names: [StreamName] = ["order-1", "order-2-test", "cart-1", "cart-1-test"]
    #expect(
      try taken(EventFilter(includeStreams: ["order-", "cart-"], excludeStreams: ["cart-", "~-test$"]), names)
        == ["order-1"])
    #expect(try taken(EventFilter(excludeStreams: ["order-"]), names) == ["cart-1", "cart-1-test"])
    #expect(try taken(EventFilter(includeStreams: ["~order"], excludeStreams: ["order-1"]), names) == ["order-2-test"])
  }

  @Test("A regular expression is found anywhere in a name, unless it is tied to an end")
  func expressions() throws {
    let names: [StreamName] = ["order-1", "order-12", "my-order-7", "order-x"]
    #expect(try taken(EventFilter(includeStreams: ["~order-\\d"]), names) == ["order-1", "order-12", "my-order-7"])
    #expect(try taken(EventFilter(includeStreams: ["~^order-\\d$"]), names) == ["order-1"])
    #expect(try taken(EventFilter(includeStreams: ["~(?i)^ORDER-(x|12)$"]), names) == ["order-12", "order-x"])
    // The way to write a prefix that begins with ~.
    #expect(try taken(EventFilter(includeStreams: ["~^~tmp"]), ["~tmp-1", "tmp-1"]) == ["~tmp-1"])
  }

  @Test("A regular expression sees scalars, and U+FFFD where a name is no text")
  func scalars() throws {
    let composed: StreamName = "caf\u{E9}"
    let decomposed: StreamName = "cafe\u{301}"
    let notUTF8 = StreamName(utf8: [0x61, 0xFF, 0x62])
    #expect(try taken(EventFilter(includeStreams: ["~caf\u{E9}"]), [composed, decomposed]) == [composed])
    #expect(try taken(EventFilter(includeStreams: ["~^a.b$"]), [notUTF8, "axb", "ab"]) == [notUTF8, "axb"])
    #expect(try taken(EventFilter(includeStreams: ["~\u{FFFD}"]), [notUTF8, "axb"]) == [notUTF8])
  }

  @Test("A metadata stream goes with the stream that it describes")
  func metadataStreams() throws {
    let names: [StreamName] = ["order-1", "$$order-1", "cart-1", "$$cart-1", "$$$settings", "$settings"]
    #expect(try taken(EventFilter(includeStreams: ["order-"]), names) == ["order-1", "$$order-1"])
    #expect(try taken(EventFilter(includeStreams: ["~^order-1$"]), names) == ["order-1", "$$order-1"])
    #expect(try taken(EventFilter(excludeStreams: ["$"]), names) == ["order-1", "$$order-1", "cart-1", "$$cart-1"])
    // No stream is judged by the $$ of its metadata.
    #expect(try taken(EventFilter(includeStreams: ["$$"]), names).isEmpty)
  }

  @Test("Types are matched as streams are")
  func types() throws {
    let types: [EventType] = ["OrderPlaced", "OrderPaid", "CartFilled", "$>"]
    #expect(try taken(EventFilter(includeTypes: ["Order"]), types: types) == ["OrderPlaced", "OrderPaid"])
    #expect(try taken(EventFilter(excludeTypes: ["~Paid$", "$>"]), types: types) == ["OrderPlaced", "CartFilled"])
    let selector = try EventSelector(EventFilter(includeStreams: ["a"], includeTypes: ["T"]))
    #expect(selector.takes(event("a", "T")) && !selector.takes(event("a", "U")) && !selector.takes(event("b", "T")))
  }

  @Test("Patterns for types leave stream metadata and tombstones alone, patterns for streams do not")
  func passingTypes() throws {
    let typed = try EventSelector(EventFilter(includeTypes: ["Order"], excludeTypes: ["$", "~."]))
    #expect(typed.takes(event("$$s", "$metadata")))
    #expect(typed.takes(event("$$s", "anything")))
    #expect(typed.takes(event("s", "$streamDeleted")))
    #expect(!typed.takes(event("s", "$other")) && !typed.takes(event("s", "OrderPlaced")))
    let named = try EventSelector(EventFilter(excludeStreams: ["s"]))
    #expect(!named.takes(event("$$s", "$metadata")) && !named.takes(event("s", "$streamDeleted")))
  }

  @Test("A bad pattern is a sentence that quotes it, and no selector is made of it")
  func problems() throws {
    let filter = EventFilter(includeStreams: ["~("], excludeTypes: ["", "~", "fine", "~[a-"])
    #expect(filter.problems.count == 4)
    #expect(filter.problems[0].hasPrefix("the pattern '~(' is not a regular expression: "))
    #expect(filter.problems[1] == "a pattern must not be empty")
    #expect(filter.problems[2] == "the regular expression of the pattern '~' is empty")
    #expect(filter.problems[3].contains("'~[a-'"))
    #expect(throws: EventStoreError(.invalidArgument, filter.problems[0])) { try EventSelector(filter) }
    #expect(EventFilter(includeStreams: ["~^a|b$"]).problems.isEmpty)
  }

  @Test("A filter is the same whatever the order of its patterns, and its bytes count")
  func normal() {
    let filter = EventFilter(includeStreams: ["b", "a", "b"], excludeTypes: ["~x", "T"])
    #expect(filter == EventFilter(includeStreams: ["a", "b"], excludeTypes: ["T", "~x"]))
    #expect(filter.includeStreams == ["a", "b"])
    #expect(filter != EventFilter(includeStreams: ["a", "b"], excludeTypes: ["T"]))
    #expect(NamePattern("caf\u{E9}") != NamePattern("cafe\u{301}"))
    #expect(Set<NamePattern>(["caf\u{E9}", "cafe\u{301}"]).count == 2)
  }

  @Test("A filter says in words what it takes")
  func words() {
    #expect(EventFilter.everything.description.isEmpty)
    let filter = EventFilter(includeStreams: ["order-", "cart-"], excludeStreams: ["~x$"], excludeTypes: ["T"])
    #expect(filter.description == #"only streams "cart-" or "order-", no streams "~x$", no types "T""#)
    #expect(EventFilter(includeTypes: ["A"]).description == #"only types "A""#)
  }

  @Test("Threads that ask at once get the same answers")
  func concurrent() async throws {
    let selector = try EventSelector(EventFilter(includeStreams: ["~[13579]$"]))
    let counts = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<4 {
        group.addTask { (0..<2000).count { selector.takes(StreamName("s-\($0)")) } }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(counts == [1000, 1000, 1000, 1000])
  }
}
