import EventArchive
import EventStoreCore
import EventStoreServer
import Replication
import Testing

@Suite("Numbers made anew", .timeLimit(.minutes(2)))
struct RenumberTests {
  /// Streams that begin late, have holes, or neither; links into them, and metadata that hide some of them.
  private func bench() async throws -> RestoreBench {
    var bench = RestoreBench()
    bench.configuration.numbers = .renumber
    var script = EventScript()
    script.add("whole", 0, 1, 2)
    script.add("late", 5, 6, 7)
    script.add("holes", 0, 1, 4, 5, 9)
    for (number, data) in [(0, "6@late"), (3, "4@holes"), (4, "2@whole"), (5, "3@late"), (6, "no link")]
      as [(EventNumber, Bytes)]
    {
      script.add("links", number, type: .link, data: data)
    }
    script.add("$$late", 3, type: .streamMetadata, data: #"{"$tb":6, "own":1}"#)
    script.add("$$holes", 0, type: .streamMetadata, data: #"{ "$tb":2 }"#)
    script.add("$$links", 0, type: .streamMetadata, data: #"{"$tb":100}"#)
    script.add("$$gone", 0, type: .streamMetadata, data: #"{"$tb":9223372036854775807}"#)
    script.add("gone", 4, 5)
    try await bench.archive(script.events)
    return bench
  }

  private func expectRestored(_ bench: RestoreBench, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    for stream in ["whole", "late", "holes", "links", "gone"] as [StreamName] {
      let restored = try await bench.restored(stream)
      let ids = try bench.archivedIDs(stream)
      #expect(restored.map(\.id) == ids, "\(stream)", sourceLocation: sourceLocation)
      #expect(restored.map(\.number) == restored.indices.map { EventNumber($0) }, sourceLocation: sourceLocation)
    }
    #expect(
      try await bench.texts("links") == ["1@late", "2@holes", "2@whole", "3@late", "no link"],
      sourceLocation: sourceLocation)
  }

  @Test(
    "Streams are counted from 0 without holes, and links and $tb follow; a repeat writes nothing", arguments: [1, 8])
  func renumbers(inFlight: Int) async throws {
    var bench = try await bench()
    bench.configuration.inFlight = inFlight
    let report = try await bench.runTwice()
    #expect(report.outcome == .finished && report.streams.created == 5)
    try await expectRestored(bench)
    #expect(try await bench.texts("$$late") == [#"{"$tb":1,"own":1}"#])
    #expect(try await bench.texts("$$holes") == [#"{ "$tb":2 }"#])
    #expect(try await bench.texts("$$links") == [#"{"$tb":5}"#])
    #expect(try await bench.texts("$$gone") == [#"{"$tb":9223372036854775807}"#])
    #expect(report.events.danglingLinks == 1)
    let entries = [
      "gone 4-5 -> gone 0", "holes 4-5 -> holes 2", "holes 9-9 -> holes 4", "late 5-7 -> late 0",
      "links 3-6 -> links 1",
    ]
    #expect(bench.moved.entries == entries && report.events.moved == 12)
    #expect(report.warnings == [])

    bench.moved = MovedRecorder()
    let again = try await bench.expectRepeat()
    #expect(again.streams.alreadyThere == 5 && bench.moved.entries == entries && again.events.moved == 12)
    try await expectRestored(bench)
  }

  @Test("Without holes nothing moves: bytes and ids are those of the archive")
  func nothingMoves() async throws {
    var bench = RestoreBench()
    bench.log.fill(with: DemoEvents(count: 200))
    try await bench.archive()
    bench.configuration.numbers = .renumber
    let report = try await bench.runTwice()
    #expect(report.outcome == .finished && report.events.moved == 0 && bench.moved.entries == [])
    var strict = bench
    (strict.target, strict.configuration.numbers) = (EventLog(), .strict)
    try await strict.run()
    let wanted = Content(try await Samples.all(of: strict.target))
    #expect(Content(try await Samples.all(of: bench.target)) == wanted && !wanted.streams.isEmpty)
  }

  @Test("A list of moved events that cannot be kept ends the run before anything is written")
  func mapFails() async throws {
    var bench = try await bench()
    bench.moved = MovedRecorder(isFull: true)
    await #expect(throws: MovedRecorder.Full.self) { try await bench.run() }
    #expect(bench.target.eventCount == 0)
  }

  @Test("Lost replies and runs that break off leave each event once, with the same numbers", arguments: 0..<6)
  func faults(skipped: Int) async throws {
    var bench = try await bench()
    bench.configuration.maximumAppendEvents = 2
    bench.configuration.inFlight = skipped.isMultiple(of: 2) ? 1 : 8
    try await bench.runTornApart(skipping: skipped)
    try await expectRestored(bench)
    try await bench.expectRepeat()
  }

  @Test("A target that holds something else in a place is a conflict, by the place's new number")
  func conflict() async throws {
    let bench = try await bench()
    bench.target.write("other", to: "late")
    let report = try await bench.runTwice()
    #expect(report.outcome == .conflict && report.streams.conflicts == 1)
    #expect(report.issues.map(\.kind) == [.differentEvent] && report.issues.first?.number == 0)
    #expect(try await bench.restored("late").count == 1)
    #expect(try await bench.restored("holes").count == 5)
  }

  @Test("A stream that the target has soft-deleted is continued, and its first event is proven in the end")
  func softDeletedThere() async throws {
    let bench = try await bench()
    let late = try bench.archived.filter { $0.stream == "late" }.map { ProposedEvent($0) }
    bench.target.write(Array(late.prefix(2)), to: "late")
    bench.target.remove("late")
    let report = try await bench.run()
    #expect(report.outcome == .finished && report.events.unproven == 0, "\(report.issues)")
    try await expectRestored(bench)
    #expect(try await bench.readable("late") == [1, 2])
    try await bench.expectRepeat()
  }

  @Test("A stream of which only metadata are left begins at 0, and its $tb with it")
  func metadataOnly() async throws {
    var bench = RestoreBench()
    bench.configuration.numbers = .renumber
    var script = EventScript()
    script.add("$$s", 4, type: .streamMetadata, data: #"{"$tb":10}"#)
    try await bench.archive(script.events)
    #expect(try await bench.runTwice().outcome == .finished)
    #expect(try await bench.texts("$$s") == [#"{"$tb":0}"#])
    try await bench.expectRepeat()
  }

  // MARK: Rejected events

  private func large() async throws -> RestoreBench {
    var bench = RestoreBench()
    bench.configuration.numbers = .renumber
    var script = EventScript()
    for number in 2..<10 as Range<EventNumber> {
      script.add("s", number, data: Bytes(String(repeating: "x", count: number == 4 ? 2000 : 20)))
    }
    for (number, data) in [(0, "3@s"), (1, "4@s"), (2, "9@s")] as [(EventNumber, Bytes)] {
      script.add("links", number, type: .link, data: data)
    }
    try await bench.archive(script.events)
    return bench
  }

  @Test("An event too large for the target leaves no gap, and the numbers, links and the map know it before")
  func tooLarge() async throws {
    let bench = try await large()
    let target = LogConnection(
      bench.target, limits: WriteLimits(maximumEventBytes: 1000, maximumAppendBytes: 5000, maximumAppendEvents: 50))
    let report = try await bench.runTwice(to: target)
    #expect(report.outcome == .incomplete && report.events.rejected == 1 && report.warnings == [])
    #expect(bench.rejects.rejected.map(\.event.number) == [4])
    #expect(try await bench.restored("s").map(\.number) == Array(0..<7))
    #expect(try await bench.texts("links") == ["1@s", "4@s", "6@s"])
    #expect(report.events.danglingLinks == 1)
    #expect(bench.moved.entries == ["s 2-3 -> s 0", "s 5-9 -> s 2"])
    let again = try await bench.expectRepeat(to: target, .incomplete)
    #expect(again.events.rejected == 1 && bench.rejects.rejected.map(\.event.number) == [4, 4])
    #expect(again.streams.alreadyThere == 2)
  }

  @Test("Metadata that say where an event is from count in what is too large")
  func tooLargeWithOrigin() async throws {
    var bench = RestoreBench()
    bench.configuration.numbers = .renumber
    bench.configuration.addsOriginMetadata = true
    var script = EventScript()
    script.add("s", 3, 4)
    script.add("s", 5, data: Bytes(String(repeating: "x", count: 950)))
    script.add("s", 6)
    script.add("links", 0, type: .link, data: "6@s")
    try await bench.archive(script.events)
    let target = LogConnection(
      bench.target, limits: WriteLimits(maximumEventBytes: 1000, maximumAppendBytes: 5000, maximumAppendEvents: 50))
    let report = try await bench.runTwice(to: target)
    #expect(report.events.rejected == 1 && bench.rejects.rejected.map(\.event.number) == [5])
    #expect(try await bench.texts("links") == ["2@s"])
    #expect(bench.moved.entries == ["s 3-4 -> s 0", "s 6-6 -> s 2"])
    try await bench.expectRepeat(to: target, .incomplete)
  }

  @Test("An event that only the server refuses closes up too; the run says that map and links are off, and repeats")
  func serverRefuses() async throws {
    let bench = try await large()
    let target = HookedStore(LogConnection(bench.target)) { call in
      guard case .append(let events, let stream, _) = call, events.contains(where: { $0.data.count > 1000 }) else {
        return
      }
      throw EventStoreError(.eventTooLarge, "too large for me", stream: stream)
    }
    let report = try await bench.run(to: target)
    #expect(report.outcome == .incomplete && report.events.rejected == 1)
    #expect(report.warnings.count == 1 && report.warnings[0].contains("in 1 stream has lower numbers"))
    let ids = try bench.archivedIDs("s").enumerated().filter { $0.offset != 2 }.map(\.element)
    #expect(try await bench.restored("s").map(\.id) == ids)
    try bench.expectAllCounted(report)
    let again = try await bench.expectRepeat(to: target, .incomplete)
    #expect(again.events.rejected == 1 && again.events.alreadyThere == 10)
    #expect(bench.rejects.rejected.map(\.event.number) == [4, 4])
  }
}
