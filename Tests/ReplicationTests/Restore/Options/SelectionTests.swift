import EventArchive
import EventStoreCore
import EventStoreServer
import Replication
import TestSupport
import Testing

@Suite("Which events are restored, and what is added to them", .timeLimit(.minutes(2)))
struct SelectionTests {
  // MARK: Patterns

  private func typed() async throws -> RestoreBench {
    let bench = RestoreBench()
    var script = EventScript()
    for number in 0..<6 as Range<EventNumber> {
      script.add("order-1", number, type: number == 1 || number == 4 ? "Noise" : "Fact", data: "x")
    }
    script.add("order-2", 0, 1, type: "Noise")
    script.add("cart-1", 0, 1, type: "Fact")
    script.add("$$order-1", 0, type: .streamMetadata, data: #"{"own":1}"#)
    script.add("$$cart-1", 0, type: .streamMetadata, data: #"{"own":2}"#)
    script.add("links", 0, type: .link, data: "2@order-1")
    script.add("links", 1, type: .link, data: "4@order-1")
    try await bench.archive(script.events)
    return bench
  }

  @Test("Patterns for streams take their metadata along, and count the rest")
  func streams() async throws {
    var bench = try await typed()
    bench.configuration.filter = EventFilter(includeStreams: ["order-", "~^links$"], excludeStreams: ["~-2$"])
    let report = try await bench.runTwice()
    #expect(report.outcome == .finished && report.events.leftOut == 5 && report.events.appended == 9)
    let streams = Set(try await Samples.all(of: bench.target).map(\.stream))
    #expect(streams == ["order-1", "$$order-1", "links"])
    try await bench.expectRepeat()
  }

  @Test("Types leave holes: strict refuses, renumber closes, preserve fills them", arguments: RestoreNumbers.allCases)
  func types(numbers: RestoreNumbers) async throws {
    var bench = try await typed()
    bench.configuration.filter = EventFilter(excludeTypes: ["Noise"])
    bench.configuration.numbers = numbers
    let report = try await bench.runTwice()
    #expect(report.events.filteredOut == 4)
    #expect(try await bench.restored("order-2").isEmpty)
    #expect(try await bench.restored("cart-1").count == 2)
    let ids = try bench.archived.filter { $0.stream == "order-1" && $0.type == "Fact" }.map(\.id)
    let restored = try await bench.restored("order-1")
    switch numbers {
    case .strict:
      #expect(report.outcome == .incomplete && report.streams.refused == 1 && report.events.notWritten == 5)
      #expect(restored.isEmpty)
      try await bench.expectRepeat(.incomplete)
    case .renumber:
      #expect(report.outcome == .finished && restored.map(\.id) == ids && restored.map(\.number) == [0, 1, 2, 3])
      #expect(try await bench.texts("links") == ["1@order-1", "4@order-1"])
      #expect(report.events.danglingLinks == 1)
      #expect(bench.moved.entries == ["order-1 2-3 -> order-1 1", "order-1 5-5 -> order-1 3"])
      try await bench.expectRepeat()
    case .preserve:
      #expect(report.outcome == .finished && report.events.fillers == 2)
      #expect(restored.filter { $0.type == "Fact" }.map(\.number) == [0, 2, 3, 5] && restored.count == 6)
      try await bench.expectRepeat()
    }
  }

  @Test("Types that are left out at the end of streams only are no reason to refuse")
  func typesAtEnd() async throws {
    var bench = RestoreBench()
    bench.log.write([Samples.event("a", type: "A"), Samples.event("b", type: "B")], to: "s")
    bench.log.write([Samples.event("b", type: "B")], to: "t")
    try await bench.archive()
    bench.configuration.filter = EventFilter(includeTypes: ["A"])
    let report = try await bench.runTwice()
    #expect(report.outcome == .finished && report.events.filteredOut == 2 && report.events.appended == 1)
    try await bench.expectRepeat()
  }

  // MARK: Expired events

  private static let now = Timestamp(ticks: 17_000_000_000_000_000)

  private func aged(_ metadata: String...) async throws -> RestoreBench {
    var bench = RestoreBench()
    for age in [100, 50, 10, 1] as [Int64] {
      bench.log.write(
        [Samples.event("\(age)")], to: "s", at: Timestamp(ticks: Self.now.ticks - age * 10_000_000))
      bench.log.write(
        [Samples.event("\(age)")], to: "plain", at: Timestamp(ticks: Self.now.ticks - age * 10_000_000))
    }
    for version in metadata { bench.log.setMetadata(version, of: "s") }
    try await bench.archive()
    bench.configuration.expiredAt = Self.now
    bench.configuration.dropsExpired = true
    return bench
  }

  @Test(
    "Events past the $maxAge of their stream are left out, by the last metadata", arguments: RestoreNumbers.allCases)
  func expired(numbers: RestoreNumbers) async throws {
    var bench = try await aged(#"{"$maxAge":5}"#, #"{"$maxAge":50}"#)
    bench.configuration.numbers = numbers
    let report = try await bench.runTwice()
    #expect(report.events.expiredLeftOut == 1)
    #expect(try await bench.restored("plain").count == 4)
    let restored = try await bench.texts("s")
    switch numbers {
    case .strict: #expect(report.streams.refused == 1 && restored == [])
    case .renumber: #expect(report.outcome == .finished && restored == ["50", "10", "1"])
    case .preserve: #expect(report.outcome == .finished && restored == ["{}", "50", "10", "1"])
    }
    try await bench.expectRepeat(numbers == .strict ? .incomplete : .finished)
  }

  @Test("Unless told otherwise events expire at the moment restored to, so that every repeat leaves out the same")
  func expiredAtTheEnd() async throws {
    var bench = RestoreBench()
    func moment(_ seconds: Int64) -> Timestamp { Timestamp(ticks: Self.now.ticks + seconds * 10_000_000) }
    bench.log.write(
      [ProposedEvent(type: .streamMetadata, isJSON: true, data: #"{"$maxAge":50}"#)], to: "$$s", at: moment(-200))
    let ages = [100, 50, 10, 1] as [Int64]
    for age in ages { bench.log.write([Samples.event("\(age)")], to: "s", at: moment(-age)) }
    try await bench.archive()
    bench.configuration.dropsExpired = true
    bench.configuration.numbers = .renumber
    let reached = try #require(try ArchiveReader(storage: bench.source.storage).reached)
    let last = try #require(try bench.archived.last)
    let cases: [(RestoreUntil?, Timestamp)] = [
      (nil, reached), (.time(moment(-9)), moment(-9)), (.time(moment(50)), moment(50)),
      (.position(try #require(last.position)), last.created),
    ]
    for (until, expected) in cases {
      bench.target = EventLog()
      bench.configuration.until = until
      let report = try await bench.run()
      let limit = Timestamp(ticks: expected.ticks - 50 * 10_000_000)
      #expect(report.expiredAt == expected.description)
      #expect(report.events.expiredLeftOut == ages.count { moment(-$0) < limit && moment(-$0) <= expected })
      try await bench.expectRepeat()
    }
  }

  @Test(
    "An age without a limit that makes sense drops nothing", arguments: ["9223372036854775807", "922337203686", "0"])
  func strangeAges(age: String) async throws {
    let bench = try await aged("{\"$maxAge\":\(age)}")
    let report = try await bench.runTwice()
    #expect(report.outcome == .finished && report.events.expiredLeftOut == 0)
    #expect(try await bench.restored("s").count == 4)
  }

  @Test("A stream that comes back from a soft delete is as old as its metadata before the delete say")
  func expiredUndeleted() async throws {
    let bench = try await aged(#"{"$maxAge":50}"#)
    bench.log.remove("s")
    try await bench.archive()
    for (undeletes, left) in [(false, 0), (true, 1)] {
      var bench = bench
      bench.target = EventLog()
      bench.configuration.numbers = .renumber
      bench.configuration.undeletes = undeletes
      let report = try await bench.runTwice()
      #expect(report.outcome == .finished && report.events.expiredLeftOut == left)
      #expect(try await bench.restored("s").count == 4 - left)
    }
  }

  @Test("Metadata after the moment restored to say nothing about age")
  func expiredUntil() async throws {
    var bench = try await aged(#"{"$maxAge":5}"#)
    let last = try #require(try bench.archived.last { $0.stream == "plain" }?.position)
    bench.configuration.until = .position(last)
    let report = try await bench.runTwice()
    #expect(report.outcome == .finished && report.events.expiredLeftOut == 0 && report.events.afterCut == 1)
  }

  // MARK: Where events came from

  @Test("Metadata that are empty or an object get three keys at their end, and all other bytes stay")
  func origin() async throws {
    let metadata: [Bytes] = [
      "", "{}", " { } ", #"{"by": "me" ,"at":[1.50]}"#, "[1]", "no json", Bytes([0, 255, 1]), #"{"a":1"#,
      #"{"$originalEventNumber":7}"#,
      #"{"$originalCreatedDate":"x","$originalEventNumber":7,"$originalEventPosition":1}"#,
    ]
    var bench = RestoreBench()
    bench.log.write(
      metadata.map { ProposedEvent(type: "T", isJSON: false, data: Bytes([1, 2, 0, 255]), metadata: $0) }, to: "s")
    bench.log.setMetadata(#"{"own" : 1}"#, of: "s")
    try await bench.archive()
    bench.configuration.addsOriginMetadata = true
    #expect(try await bench.runTwice().outcome == .finished)
    let archived = try bench.archived.filter { $0.stream == "s" }
    let restored = try await bench.restored("s")
    #expect(restored.map(\.id) == archived.map(\.id) && restored.allSatisfy { $0.data == Bytes([1, 2, 0, 255]) })
    let keys = archived.map { event in
      #""$originalCreatedDate":"\#(event.created)","$originalEventNumber":\#(event.number),"#
        + #""$originalEventPosition":{"commit":\#(event.position?.commit ?? -1),"prepare":\#(event.position?.prepare ?? -1)}}"#
    }
    var wanted = metadata
    for place in 0...2 { wanted[place] = Bytes("{" + keys[place]) }
    wanted[3] = Bytes(#"{"by": "me" ,"at":[1.50],"# + keys[3])
    wanted[8] = Bytes(
      #"{"$originalEventNumber":7,"#
        + keys[8].replacing(#""$originalEventNumber":8,"#, with: ""))
    #expect(restored.map(\.metadata) == wanted)
    #expect(try await bench.texts("$$s") == [#"{"own" : 1}"#])
    try await bench.expectRepeat()
  }

  @Test("Events of named streams have no position to tell of")
  func originWithoutPosition() async throws {
    var bench = RestoreBench()
    bench.source.scope = .streams(["s"])
    bench.log.write("a", to: "s")
    try await bench.archive()
    bench.configuration.addsOriginMetadata = true
    #expect(try await bench.runTwice().outcome == .finished)
    let created = try #require(try bench.archived.first).created
    let metadata = try await bench.restored("s").map { String(decoding: $0.metadata, as: UTF8.self) }
    #expect(metadata == [#"{"$originalCreatedDate":"\#(created)","$originalEventNumber":0}"#])
  }

  @Test("Restored with and without the keys is the same: ids decide")
  func originLater() async throws {
    var bench = RestoreBench()
    bench.log.fill(with: DemoEvents(count: 60))
    try await bench.archive()
    #expect(try await bench.run().outcome == .finished)
    bench.configuration.addsOriginMetadata = true
    try await bench.expectRepeat()
  }

  // MARK: Order and conflicts

  @Test(
    "The global order is the archive's, fillers, renames and new numbers included", arguments: RestoreNumbers.allCases)
  func globalOrder(numbers: RestoreNumbers) async throws {
    var bench = RestoreBench()
    var random = SeededRandom(seed: 7)
    var next = [EventNumber](repeating: 0, count: 5)
    var script = EventScript()
    for _ in 0..<200 {
      let stream = random.below(5)
      if numbers != .strict, random.oneIn(6) { next[stream] += EventNumber(random.below(4)) }
      script.add(StreamName("s\(stream)"), next[stream])
      next[stream] += 1
    }
    try await bench.archive(script.events)
    bench.configuration.numbers = numbers
    bench.configuration.renames = [StreamRename(prefix: "s", replacement: "t")]
    bench.configuration.order = .global
    bench.configuration.inFlight = 64
    let appends = Locked(0)
    let underWay = Locked(0)
    let target = HookedStore(LogConnection(bench.target)) { call in
      guard case .append = call else { return }
      appends.withLock { $0 += 1 }
      underWay.withLock { $0 += 1 }
      for _ in 0..<5 { await Task.yield() }
      #expect(underWay.withLock { $0 } == 1)
      underWay.withLock { $0 -= 1 }
    }
    let report = try await bench.run(to: target)
    #expect(report.outcome == .finished && report.order == .global)
    let restored = try await Samples.all(of: bench.target).filter { $0.type == "T" }
    #expect(restored.map(\.id) == script.events.map(\.id))
    #expect(appends.withLock { $0 } < 200 + report.events.fillers, "neighbours of a stream go in one append")
    try await bench.expectRepeat()
  }

  @Test("Skipped conflicts end as incomplete, those of metadata too, and the rest is restored")
  func skipsConflicts() async throws {
    var bench = RestoreBench()
    for stream in ["a", "b", "c"] as [StreamName] {
      bench.log.write("1", "2", to: stream)
      bench.log.setMetadata(#"{"own":1}"#, of: stream)
    }
    try await bench.archive()
    bench.target.write("other", to: "b")
    bench.target.setMetadata(#"{"own":2}"#, of: "c")
    bench.configuration.onConflict = .skip
    let report = try await bench.runTwice()
    #expect(report.outcome == .incomplete && report.streams.conflicts == 1 && report.metadata.conflicts == 1)
    #expect(Set(report.issues.map(\.kind)) == [.differentEvent, .differentMetadata])
    #expect(try await bench.texts("b") == ["other"])
    #expect(try await bench.texts("a") == ["1", "2"])
    #expect(try await bench.texts("c") == ["1", "2"])
    #expect(try await bench.texts("$$c") == [#"{"own":2}"#])
    try await bench.expectRepeat(.incomplete)
  }
}
