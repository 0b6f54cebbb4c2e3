import EventStoreCore
import TestSupport
import Testing

@testable import EventStoreServer

@Suite struct MemoryLogTests {
  private var log = MemoryLog()
  private let now = Timestamp(ticks: 17_000_000_000_000_000)
  private let serverID = EventID(high: 1, low: 1)

  private func event(_ text: String, type: EventType = "t") -> ProposedEvent {
    ProposedEvent(type: type, isJSON: true, data: Bytes("{\"n\":\"\(text)\"}"))
  }

  private mutating func append(
    _ events: [ProposedEvent], to stream: StreamName = "s", expected: ExpectedVersion = .any,
    by principal: Principal? = nil
  ) -> WriteOutcome {
    log.append(events, to: stream, expected: expected, by: principal, at: now, serverID: serverID)
  }

  private mutating func setMetadata(_ json: Bytes, of stream: StreamName = "s") {
    let event = ProposedEvent(type: .streamMetadata, isJSON: true, data: json)
    _ = append([event], to: stream.metadataStream, by: .system)
  }

  private func texts(_ stream: StreamName) -> [String]? {
    let answer = log.readStream(
      stream, .forward, from: 0, maximumCount: 4096, resolveLinks: false, by: .system, at: now)
    guard case .found(let page) = answer.outcome else { return nil }
    return page.events.compactMap { $0.event?.data.description }
  }

  private func all(_ direction: ReadDirection, from position: Position, count: Int = 100) -> AllPage? {
    let answer = log.readAll(
      direction, from: position, maximumCount: count, resolveLinks: false, by: .system, at: now)
    guard case .found(let page) = answer.outcome else { return nil }
    return page
  }

  @Test("Metadata written to a soft-deleted stream revive it: the server adds the true $tb to them")
  mutating func metadataRevive() {
    _ = append([event("a"), event("b")])
    _ = log.delete("s", expected: .any, hard: false, by: nil, at: now, serverID: EventID())
    #expect(log.streams.metadata("s").isSoftDeleted)
    setMetadata("{ \"owner\" : \"me\", \"$maxCount\": 5 }")
    #expect(texts("$$s") == ["{\"owner\":\"me\",\"$maxCount\":5,\"$tb\":2}"])
    #expect(texts("s") == [])
    _ = append([event("c")], expected: .exactly(1))
    #expect(texts("s") == ["{\"n\":\"c\"}"])
  }

  @Test("A stream that is written again after a soft delete keeps other keys of the metadata that deleted it")
  mutating func recreationKeepsKeys() {
    _ = append([event("a")])
    setMetadata("{\"$tb\":9223372036854775807,\"owner\":\"me\"}")
    _ = append([event("b")])
    #expect(texts("$$s") == ["{\"$tb\":1,\"owner\":\"me\"}"])
    #expect(texts("s") == ["{\"n\":\"b\"}"])
  }

  @Test("An archived soft delete that is written with its id is a repeat the second time")
  mutating func restoredDelete() {
    _ = append([event("a")])
    let delete = ProposedEvent(type: .streamMetadata, isJSON: true, data: StreamMetadata.softDeleted)
    _ = append([delete], to: "$$s", expected: .noStream)
    let repeated = append([delete], to: "$$s", expected: .noStream)
    #expect(repeated == .repeated(first: 0, last: 0))
    #expect(log.streams.metadata("s").isSoftDeleted)
  }

  @Test("An exact version knows a repeat however old; without one only recent events are known")
  mutating func forgottenEvents() {
    log.recentEvents = RecentEvents(capacity: 2)
    let first = event("first")
    _ = append([first])
    for number in 0..<5 { _ = append([event("\(number)")]) }
    let repeated = append([first], expected: .noStream)
    #expect(repeated == .repeated(first: 0, last: 0))
    guard case .written(let number, _, _) = append([first]) else {
      Issue.record("an event that is not known any more was not written again")
      return
    }
    #expect(number == 6)
  }

  @Test("Every position that a page names can be read from, and paging sees every event once, in both directions")
  mutating func paging() throws {
    var generator = SeededRandom(seed: 3)
    var transactions: [Int64] = []
    for number in 0..<300 {
      let stream = StreamName("s\(Int.random(in: 0..<5, using: &generator))")
      switch Int.random(in: 0..<6, using: &generator) {
      case 0:
        let id = log.startTransaction(on: stream, expected: .any, by: nil)
        transactions.append(try #require(id))
      case 1 where !transactions.isEmpty:
        log.writeTransaction(transactions[0], [event("t\(number)"), event("u\(number)")], at: now)
      case 2 where !transactions.isEmpty:
        let id = transactions.removeFirst()
        _ = log.commitTransaction(id, by: nil, at: now, serverID: EventID())
      case 3: _ = append([], to: stream)
      default: _ = append([event("a\(number)"), event("b\(number)")], to: stream)
      }
    }
    let whole = try #require(all(.forward, from: .start, count: 4096)).events
    #expect(whole.count == log.store.records.count && whole.count > 200)
    #expect(zip(whole, whole.dropFirst()).allSatisfy { pair in pair.0.position ?? .end < pair.1.position ?? .start })
    for count in 1...4 {
      #expect(try pages(.forward, from: .start, count: count) == whole)
      #expect(try pages(.backward, from: .end, count: count) == whole.reversed())
    }
    for (offset, event) in whole.enumerated() {
      let position = try #require(event.position)
      #expect(try #require(all(.forward, from: position, count: 1)).events == [event])
      let before = try #require(all(.backward, from: position, count: 1)).events
      // Before an event of a transaction lies what was committed before, not its neighbour.
      if position.commit == position.prepare, offset > 0 { #expect(before == [whole[offset - 1]]) }
    }
  }

  private func pages(_ direction: ReadDirection, from start: Position, count: Int) throws -> [ResolvedEvent] {
    var position = start
    var events: [ResolvedEvent] = []
    while true {
      let page = try #require(all(direction, from: position, count: count))
      if page.events.isEmpty { return events }
      events += page.events
      position = page.nextPosition
    }
  }

  @Test("Positions in the log are as far apart as the records of a real server")
  mutating func recordSizes() {
    // Recorded: 125 bytes for {"n":1} in a stream of 27 characters, 117 for the tombstone of one of 13.
    let start = log.store.end
    _ = append([ProposedEvent(type: "t", isJSON: true, data: "{\"n\":1}")], to: "write_expected_version-0--2")
    #expect(log.store.end - start == 125)
    _ = log.delete("delete_hard-s", expected: .any, hard: true, by: nil, at: now, serverID: EventID())
    #expect(log.store.end - start == 125 + 117)
    // A length above 127 takes two bytes.
    let long = StreamName(utf8: [UInt8](repeating: 0x6E, count: 1013))
    _ = append([ProposedEvent(type: "t", isJSON: true, data: "{\"n\":\"n2\"}")], to: long)
    #expect(log.store.end - start == 125 + 117 + 1115)
  }

  @Test("The settings give the default access lists, and what they do not say stays as the server has it")
  mutating func settings() {
    let user = Principal(name: "user", groups: ["staff"])
    #expect(log.allows(.write, to: "orders", by: nil))
    #expect(!log.allows(.read, to: "", by: user))
    let json: Bytes =
      "{\"$userStreamAcl\":{\"$w\":[\"staff\"]},\"$systemStreamAcl\":{\"$r\":\"user\",\"$w\":\"$admins\"}}"
    let change = ProposedEvent(type: "$settings", isJSON: true, data: json)
    let refused = append([change], to: "$settings", by: nil)
    #expect(refused == .accessDenied)
    _ = append([change], to: "$settings", by: .system)
    #expect(!log.allows(.write, to: "orders", by: nil))
    #expect(log.allows(.write, to: "orders", by: user))
    #expect(log.allows(.read, to: "orders", by: nil))
    #expect(log.allows(.read, to: "", by: user) && !log.allows(.read, to: "", by: nil))
    #expect(!log.allows(.delete, to: "$x", by: user))
    setMetadata("{\"$acl\":{\"$w\":\"$all\"}}", of: "orders")
    #expect(log.allows(.write, to: "orders", by: nil))
    _ = append([ProposedEvent(type: "$settings", isJSON: true, data: "no json")], to: "$settings", by: .system)
    #expect(log.allows(.write, to: "other", by: nil))
  }

  @Test("Reading back what $maxAge hides depends on the time alone, and an age beyond all time hides nothing")
  mutating func maximumAge() {
    _ = append([event("a")])
    setMetadata("{\"$maxAge\":10}")
    #expect(texts("s")?.count == 1)
    let later = Timestamp(ticks: now.ticks + 11 * Timestamp.ticksPerSecond)
    let answer = log.readEvent("s", number: 0, resolveLinks: false, by: nil, at: later)
    #expect(answer == .found(.notFound))
    setMetadata("{\"$maxAge\":9223372036854775807}")
    #expect(log.readEvent("s", number: 0, resolveLinks: false, by: nil, at: later) != .found(.notFound))
  }

  @Test("A transaction that was forgotten is unknown")
  mutating func forgottenTransaction() throws {
    log.transactions = TransactionTable(capacity: 2)
    var ids: [Int64] = []
    for _ in 0..<7 {
      let id = log.startTransaction(on: "s", expected: .any, by: nil)
      ids.append(try #require(id))
    }
    let forgotten = log.commitTransaction(ids[0], by: nil, at: now, serverID: EventID())
    let known = log.commitTransaction(ids[6], by: nil, at: now, serverID: EventID())
    #expect(forgotten == .accessDenied && known != .accessDenied)
    #expect(ids.count { log.transactions[$0] != nil } == 2)
  }

  @Test("A transaction that re-creates a soft-deleted stream shows only its own events")
  mutating func transactionRecreates() throws {
    _ = append([event("a")])
    _ = log.delete("s", expected: .any, hard: false, by: nil, at: now, serverID: EventID())
    let started = log.startTransaction(on: "s", expected: .noStream, by: nil)
    let id = try #require(started)
    log.writeTransaction(id, [event("b"), event("c")], at: now)
    #expect(texts("s") == [])
    _ = log.commitTransaction(id, by: nil, at: now, serverID: EventID())
    #expect(texts("s") == ["{\"n\":\"b\"}", "{\"n\":\"c\"}"])
    #expect(texts("$$s") == ["{\"$tb\":1}"])
  }

  @Test("What is stored keeps nothing of the memory it came in")
  mutating func detachedPayloads() {
    final class Owner {}
    weak var owner: Owner?
    do {
      let strong = Owner()
      owner = strong
      let memory = UnsafeRawBufferPointer(Self.memory)
      let data = Bytes(owner: strong, memory: memory)
      _ = append([ProposedEvent(type: "t", isJSON: false, data: data, metadata: data.slice(1..<2))])
    }
    #expect(owner == nil)
    let stored = log.store.records[0]
    #expect(stored.data == Bytes([1, 2, 3]) && stored.metadata == Bytes([2]))
  }

  private nonisolated(unsafe) static let memory: UnsafeMutableRawBufferPointer = {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 3, alignment: 1)
    memory.copyBytes(from: [1, 2, 3])
    return memory
  }()
}
