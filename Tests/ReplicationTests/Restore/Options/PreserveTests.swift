import EventArchive
import EventStoreCore
import EventStoreServer
import Replication
import Testing

@Suite("Numbers preserved with fillers", .timeLimit(.minutes(2)))
struct PreserveTests {
  private func bench() async throws -> RestoreBench {
    var bench = RestoreBench()
    bench.configuration.numbers = .preserve
    var script = EventScript()
    script.add("whole", 0, 1, 2)
    script.add("late", 7, 8, 9)
    script.add("holes", 0, 1, 4, 20, 21)
    script.add("both", 2, 5)
    script.add("links", 0, type: .link, data: "8@late")
    script.add("links", 1, type: .link, data: "3@late")
    script.add("$$both", 0, type: .streamMetadata, data: #"{"own":1}"#)
    script.add("$$holes", 0, type: .streamMetadata, data: #"{"own":2}"#)
    try await bench.archive(script.events)
    return bench
  }

  private static let streams: [StreamName] = ["whole", "late", "holes", "both", "links"]

  /// Expects every archived event under its number and everything else to be a filler.
  private func expectRestored(_ bench: RestoreBench, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    for stream in Self.streams {
      let archived = Content(try bench.archived.filter { $0.stream == stream })
      let all = try await bench.restored(stream)
      #expect(all.map(\.number) == all.indices.map { EventNumber($0) }, sourceLocation: sourceLocation)
      let (fillers, events) = (
        all.filter { $0.type == "eventvault-filler" }, all.filter { $0.type == "T" || $0.isLink }
      )
      #expect(Content(events) == archived && fillers.count + events.count == all.count, sourceLocation: sourceLocation)
      #expect(
        fillers.allSatisfy { $0.data == "{}" && $0.isJSON && $0.metadata.isEmpty }, sourceLocation: sourceLocation)
    }
  }

  @Test("Holes are filled, $tb hides the fillers in front, and a repeat writes nothing", arguments: [1, 8])
  func preserves(inFlight: Int) async throws {
    var bench = try await bench()
    bench.configuration.inFlight = inFlight
    let report = try await bench.runTwice()
    #expect(report.outcome == .finished && report.streams.created == 5 && report.events.fillers == 28)
    #expect(report.events.moved == 0 && bench.moved.entries == [] && report.events.danglingLinks == 1)
    try await expectRestored(bench)
    #expect(try await bench.texts("$$late") == [#"{"$tb":7}"#])
    #expect(try await bench.texts("$$both") == [#"{"own":1,"$tb":2}"#])
    #expect(try await bench.texts("$$holes") == [#"{"own":2}"#])
    #expect(try await bench.texts("$$whole") == [])
    #expect(try await bench.readable("late") == [7, 8, 9])
    #expect(try await bench.readable("both") == [2, 3, 4, 5])
    #expect(try await bench.texts("links") == ["8@late", "3@late"])

    let again = try await bench.expectRepeat()
    #expect(again.streams.alreadyThere == 5 && again.metadata.alreadyThere == 3)
    #expect(again.events.alreadyThere == 17 && again.events.supersededMetadata == 0)
  }

  @Test("Fillers have ids that follow from archive, stream and number: two targets get the same ones")
  func ids() async throws {
    var bench = try await bench()
    try await bench.run()
    let first = try await Samples.all(of: bench.target).filter { $0.type == "eventvault-filler" }
    bench.target = EventLog()
    bench.configuration.inFlight = 1
    bench.configuration.maximumAppendEvents = 2
    try await bench.run()
    let second = try await Samples.all(of: bench.target).filter { $0.type == "eventvault-filler" }
    let key = { (event: RecordedEvent) in "\(event.number)@\(event.stream) \(event.id)" }
    #expect(Set(first.map(key)) == Set(second.map(key)) && first.count == 28)
    #expect(Set(first.map(\.id)).count == 28)
  }

  @Test("A $tb that hides more than the fillers stays, and one that hides less is raised")
  func truncation() async throws {
    for (archived, wanted) in [
      (#"{ "$tb" : 6 }"#, #"{ "$tb" : 6 }"#), (#"{"$tb":2,"own":1}"#, #"{"$tb":4,"own":1}"#), ("{}", #"{"$tb":4}"#),
      (#"{"$tb":9223372036854775807}"#, #"{"$tb":9223372036854775807}"#), ("no object", "no object"),
    ] {
      var bench = RestoreBench()
      bench.configuration.numbers = .preserve
      var script = EventScript()
      script.add("s", 4, 5, 6)
      script.add("$$s", 0, type: .streamMetadata, data: Bytes(archived))
      try await bench.archive(script.events)
      #expect(try await bench.runTwice().outcome == .finished)
      #expect(try await bench.texts("$$s") == [wanted])
      try await bench.expectRepeat()
    }
  }

  @Test("More fillers than allowed refuse the stream before anything of it is written, and only it")
  func cap() async throws {
    var bench = try await bench()
    bench.configuration.maximumFillers = 16
    let report = try await bench.runTwice()
    #expect(report.outcome == .incomplete && report.streams.refused == 1 && report.events.notWritten == 5 + 1)
    #expect(report.issues.map(\.kind) == [.numbersWouldChange] && report.issues.first?.stream == "holes")
    #expect(report.issues.first?.detail == "it would take 17 fillers, more than 16")
    #expect(try await bench.restored("holes").isEmpty)
    #expect(try await bench.restored("$$holes").isEmpty)
    #expect(try await bench.restored("late").count == 10)
    bench.configuration.maximumFillers = 17
    #expect(try await bench.run().outcome == .finished)
    try await expectRestored(bench)
  }

  @Test("A stream that the target has up to a hole is continued with fillers", arguments: [1, 2, 4, 5])
  func continued(there: Int) async throws {
    let bench = try await bench()
    let holes = try bench.archived.filter { $0.stream == "holes" }.map { ProposedEvent($0) }
    if there <= 2 {
      bench.target.write(Array(holes.prefix(there)), to: "holes")
    } else {
      try await bench.run()
      // What the target has more is the rest of the fillers.
      let all = try await bench.restored("holes").map { ProposedEvent($0) }
      let other = EventLog()
      other.write(Array(all.prefix(there)), to: "holes")
      var continued = bench
      continued.target = other
      #expect(try await continued.runTwice().outcome == .finished)
      return try await expectRestored(continued)
    }
    let report = try await bench.runTwice()
    #expect(report.outcome == .finished && report.streams.continued == 1)
    try await expectRestored(bench)
  }

  @Test("Lost replies and runs that break off leave each event and each filler once", arguments: 0..<6)
  func faults(skipped: Int) async throws {
    var bench = try await bench()
    bench.configuration.maximumAppendEvents = 3
    bench.configuration.inFlight = skipped.isMultiple(of: 2) ? 1 : 8
    try await bench.runTornApart(skipping: skipped)
    try await expectRestored(bench)
    try await bench.expectRepeat()
  }

  @Test("Another event in the place of an archived one is a conflict, and nothing is written after it")
  func conflict() async throws {
    let bench = try await bench()
    bench.target.write("0", "1", "2", "3", "4", "5", "6", "other", to: "late")
    let report = try await bench.runTwice()
    #expect(report.outcome == .conflict && report.issues.map(\.stream) == ["late"])
    #expect(report.issues.first?.number == 7)
    #expect(try await bench.restored("late").count == 8)
    #expect(try await bench.restored("$$late").isEmpty)
  }

  // MARK: Rejected events

  private func large() async throws -> RestoreBench {
    var bench = RestoreBench()
    bench.configuration.numbers = .preserve
    var script = EventScript()
    for number in 2..<10 as Range<EventNumber> {
      script.add("s", number, data: Bytes(String(repeating: "x", count: number == 4 || number == 9 ? 2000 : 20)))
    }
    try await bench.archive(script.events)
    return bench
  }

  private func expectFilled(_ bench: RestoreBench, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let restored = try await bench.restored("s")
    #expect(restored.map(\.number) == Array(0..<10), sourceLocation: sourceLocation)
    let fillers = restored.filter { $0.type == "eventvault-filler" }.map(\.number)
    #expect(fillers == [0, 1, 4, 9], sourceLocation: sourceLocation)
  }

  @Test("A rejected event is replaced by a filler, and a repeat rejects it again and writes nothing")
  func tooLarge() async throws {
    let bench = try await large()
    let target = LogConnection(
      bench.target, limits: WriteLimits(maximumEventBytes: 1000, maximumAppendBytes: 5000, maximumAppendEvents: 50))
    let report = try await bench.runTwice(to: target)
    #expect(report.outcome == .incomplete && report.events.rejected == 2 && report.events.fillers == 4)
    #expect(bench.rejects.rejected.map(\.event.number) == [4, 9])
    try await expectFilled(bench)
    let again = try await bench.expectRepeat(to: target, .incomplete)
    #expect(again.events.rejected == 2 && again.events.alreadyThere == 6 && again.streams.alreadyThere == 1)
    #expect(bench.rejects.rejected.map(\.event.number) == [4, 9, 4, 9])
    // A target that takes more does not change what is there.
    let more = try await bench.expectRepeat(.incomplete)
    #expect(more.events.rejected == 2 && more.events.alreadyThere == 6)
  }

  @Test("So is one that only the server refuses")
  func serverRefuses() async throws {
    let bench = try await large()
    let target = HookedStore(LogConnection(bench.target)) { call in
      guard case .append(let events, let stream, _) = call, events.contains(where: { $0.data.count > 1000 }) else {
        return
      }
      throw EventStoreError(.eventTooLarge, "too large for me", stream: stream)
    }
    let report = try await bench.run(to: target)
    #expect(report.outcome == .incomplete && report.events.rejected == 2 && report.events.appended == 6)
    try await expectFilled(bench)
    try await bench.expectRepeat(to: target, .incomplete)
    try await expectFilled(bench)
  }

  @Test("An event that the target has is there, also when it takes none so large any more")
  func largeButThere() async throws {
    let bench = try await large()
    #expect(try await bench.run().outcome == .finished)
    let target = LogConnection(
      bench.target, limits: WriteLimits(maximumEventBytes: 1000, maximumAppendBytes: 5000, maximumAppendEvents: 50))
    let again = try await bench.expectRepeat(to: target)
    #expect(again.events.alreadyThere == 8 && again.events.rejected == 0)
  }
}
