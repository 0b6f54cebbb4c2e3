import EventArchive
import EventStoreCore
import EventStoreServer
import Testing

@testable import Replication

/// A comparison that is told what the restore was told finds no difference, and one that is not says what differs.
@Suite("Comparisons with what was restored in another form")
final class RestoredTests {
  private var bench = RestoreBench()

  /// Restores, and expects that the target is then as the comparison wants it, quickly and in full.
  private func restore(
    numbers: RestoreNumbers = .strict, _ change: (inout RestoreConfiguration) -> Void = { _ in },
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> CompareReport {
    bench.target = EventLog()
    bench.configuration = RestoreConfiguration(inFlight: 8, retry: Samples.retry)
    bench.configuration.numbers = numbers
    change(&bench.configuration)
    let restored = try await bench.run()
    #expect(restored.outcome == .finished, "\(restored.issues)", sourceLocation: sourceLocation)
    let configuration = bench.configuration.compared
    var quick = configuration
    quick.isFull = false
    let first = try await bench.compare(quick)
    #expect(first.outcome == .equal, "quick: \(first.found)", sourceLocation: sourceLocation)
    let report = try await bench.compare(configuration)
    #expect(report.outcome == .equal, "\(report.found)", sourceLocation: sourceLocation)
    #expect(
      report.events.same + report.events.hidden == report.events.reference, "\(report)", sourceLocation: sourceLocation)
    return report
  }

  private func plain(_ change: (inout CompareConfiguration) -> Void = { _ in }) async throws -> [String] {
    var configuration = CompareConfiguration(isFull: true, retry: Samples.retry)
    change(&configuration)
    return try await bench.compare(configuration).found
  }

  // MARK: Numbers

  /// A stream that begins late, one with a hole, and links to both.
  private func archiveWithHoles() async throws {
    var script = EventScript()
    script.add("late", 3, 4, 5)
    script.add("holes", 0, 1, 4, 6)
    for link in ["4@late", "6@holes", "0@holes", "2@holes", "9@none"] {
      script.add("links", EventNumber(script.events.count - 7), type: .link, data: Bytes(link))
    }
    script.add("$$holes", 0, type: .streamMetadata, data: #"{"$tb":1,"mine":1}"#)
    try await bench.archive(script.events)
  }

  @Test("Numbered anew, links into moved streams follow, and dangling ones stay")
  func renumbered() async throws {
    try await archiveWithHoles()
    let report = try await restore(numbers: .renumber)
    #expect(report.streams.renumbered == 2 && report.events.hidden == 1 && report.metadata.same == 1)
    // No option is needed to see that.
    #expect(try await plain() == [])
    #expect(try await bench.restored("links").map(\.data) == ["1@late", "3@holes", "0@holes", "2@holes", "9@none"])
  }

  @Test("A link that leads elsewhere than the moved event is a difference", arguments: ["4@late", "2@late", "1@other"])
  func wrongLink(link: String) async throws {
    try await archiveWithHoles()
    _ = try await restore(numbers: .renumber)
    let good = try await Samples.all(of: bench.target, includeSystem: true)
    bench.target = EventLog()
    for event in good {
      var proposed = ProposedEvent(event)
      if event.data == "1@late" { proposed.data = Bytes(link) }
      bench.target.write([proposed], to: event.stream)
    }
    #expect(try await plain() == ["differentEvent links 0"])
  }

  @Test("Fillers are counted and are no difference, in front and in between, with their $tb")
  func preserved() async throws {
    try await archiveWithHoles()
    let report = try await restore(numbers: .preserve)
    // Those in front of `late` are hidden by the $tb that came with them.
    #expect(report.events.fillers == 3 && report.streams.renumbered == 0)
    #expect(try await plain() == [])
    let without = try await restore(numbers: .preserve) { $0.metadata = .none }
    #expect(without.events.fillers == 6)
  }

  @Test("Only the archive's own fillers are fillers, and one in an event's place is a missing event")
  func foreignFillers() async throws {
    var script = EventScript()
    script.add("s", 0, 1, 2, 4)
    try await bench.archive(script.events)
    let fillers = Fillers(archive: try ArchiveReader(storage: bench.source.storage).description.id, maximum: 9)
    func filler(_ number: EventNumber) -> ProposedEvent { fillers.filler(number, of: "s").proposed }
    let events = script.events.map { ProposedEvent($0) }
    var foreign = filler(3)
    foreign.id = EventID()
    let cases: [([ProposedEvent], [String])] = [
      ([events[0], events[1], events[2], filler(3), events[3]], []),
      ([events[0], events[1], events[2], foreign, events[3]], ["extraEvents s 3"]),
      ([events[0], filler(1), events[2], filler(3), events[3]], ["missingEvents s 1"]),
      ([events[0], events[1], events[2], filler(3), events[3], filler(5)], ["extraEvents s 5"]),
    ]
    for (content, found) in cases {
      bench.target = EventLog()
      bench.target.write(content, to: "s")
      #expect(try await plain() == found)
    }
  }

  @Test("Fillers are known by their form where the reference is a server")
  func fillersOfServer() async throws {
    bench.log.write(Samples.events(0..<6), to: "s")
    bench.log.write([Samples.event("x", type: "Noise")], to: "s")
    bench.log.write(Samples.events(6..<8), to: "s")
    try await bench.archive()
    bench.configuration.filter = EventFilter(excludeTypes: ["Noise"])
    bench.configuration.numbers = .preserve
    #expect(try await bench.run().outcome == .finished)
    var configuration = bench.configuration.compared
    let report = try await bench.compare(configuration, with: .server(LogConnection(bench.log)))
    #expect(report.outcome == .equal && report.events.fillers == 1 && report.events.leftOut == 1, "\(report.found)")
    configuration.form = RestoredForm()
    #expect(
      try await bench.compare(configuration, with: .server(LogConnection(bench.log))).found == ["missingEvents s 6"])
  }

  // MARK: Where it ends

  @Test("Up to a moment or a position only what was before it is expected", arguments: [true, false])
  func until(byTime: Bool) async throws {
    let start = Timestamp(ticks: 17_000_000_000_000_000)
    for second in 0..<6 as Range<Int64> {
      let moment = Timestamp(ticks: start.ticks + second * 10_000_000)
      bench.log.write([Samples.event("\(second)")], to: "s", at: moment)
      bench.log.write([Samples.event("\(second)")], to: StreamName("s-\(second)"), at: moment)
      if second == 1 { bench.log.setMetadata(#"{"v":1}"#, of: "s") }
    }
    bench.log.setMetadata(#"{"v":2}"#, of: "s")
    bench.log.remove("s-1", hard: true)
    try await bench.archive()
    let kept = try #require(try bench.archived.last { $0.stream == "s-2" })
    // The metadata are as old as the test, which is later than all of that.
    let until = byTime ? RestoreUntil.time(kept.created) : .position(try #require(kept.position))
    let report = try await restore { $0.until = until }
    #expect(report.events.leftOut > 0 && report.streams.hardDeletedLeftOut == 0)
    let found = try await plain()
    #expect(found.contains("missingEvents s \(byTime ? 2 : 3)"), "\(found)")
    #expect(found.contains("missing s-4") && found.contains("aliveOnTarget s-1"), "\(found)")
    // What came after it is too much.
    bench.target.write("later", to: "s-5")
    #expect(try await bench.compare(bench.configuration.compared).found == ["extra s-5"])
  }

  @Test("Events that had expired at the moment restored to are not expected")
  func expired() async throws {
    let now = Timestamp(ticks: 17_000_000_000_000_000)
    for age in [100, 50, 1] as [Int64] {
      bench.log.write([Samples.event("\(age)")], to: "s", at: Timestamp(ticks: now.ticks - age * 10_000_000))
    }
    bench.log.setMetadata(#"{"$maxAge":60}"#, of: "s")
    try await bench.archive()
    for numbers in [RestoreNumbers.renumber, .preserve] {
      let report = try await restore(numbers: numbers) {
        $0.dropsExpired = true
        $0.expiredAt = now
      }
      #expect(report.events.reference == 2 && report.events.leftOut == 1)
    }
  }

  // MARK: Which

  @Test("Streams and types that were left out are not expected, and extra ones outside of the pattern are no matter")
  func filtered() async throws {
    for stream in ["a-1", "a-2", "b-1"] as [StreamName] {
      bench.log.write(
        [Samples.event("0", type: "Noise"), Samples.event("1"), Samples.event("2", type: "Noise"), Samples.event("3")],
        to: stream)
      bench.log.setMetadata(#"{"mine":1}"#, of: stream)
    }
    bench.log.write([Samples.event("0", type: "Noise")], to: "a-noise")
    try await bench.archive()
    let filter = EventFilter(includeStreams: ["a-"], excludeTypes: ["Noise"])
    for numbers in [RestoreNumbers.renumber, .preserve] {
      let report = try await restore(numbers: numbers) { $0.filter = filter }
      #expect(report.streams.same == 2 && report.metadata.same == 2 && report.events.leftOut == 5)
      bench.target.write("x", to: "other")
      bench.target.write("x", to: "a-new")
      bench.target.write("x", to: "a-noise")
      let found = try await bench.compare(bench.configuration.compared).found
      #expect(found == ["extra a-new", "extra a-noise"])
    }
    #expect(try await plain().contains("missing b-1"))
  }

  @Test("With patterns and new names, patterns are about the old names")
  func filteredAndRenamed() async throws {
    for stream in ["a-1", "b-1"] as [StreamName] { bench.log.write("0", "1", to: stream) }
    bench.log.write([Samples.event("1@a-1", type: .link), Samples.event("1@b-1", type: .link)], to: "a-links")
    try await bench.archive()
    let report = try await restore {
      $0.filter = EventFilter(includeStreams: ["a-"])
      $0.renames = [StreamRename(prefix: "a-", replacement: "z-")]
    }
    #expect(report.streams.same == 2)
    #expect(try await bench.restored("z-links").map(\.data) == ["1@z-1", "1@b-1"])
    bench.target.write("x", to: "a-7")
    #expect(try await bench.compare(bench.configuration.compared).outcome == .equal, "a-7 can be no restored stream")
    bench.target.write("x", to: "z-7")
    #expect(try await bench.compare(bench.configuration.compared).found == ["extra z-7"])
  }

  @Test("Under new names links to events that were not restored stay as they are")
  func danglingRenamed() async throws {
    try await archiveWithHoles()
    for numbers in [RestoreNumbers.renumber, .preserve] {
      let report = try await restore(numbers: numbers) {
        $0.renames = [
          StreamRename(prefix: "holes", replacement: "gaps"), StreamRename(prefix: "none", replacement: "x"),
        ]
      }
      #expect(report.streams.same == 3)
    }
    #expect(try await bench.restored("links").map(\.data) == ["4@late", "6@gaps", "0@gaps", "2@holes", "9@x"])
  }

  // MARK: Metadata

  @Test("Without metadata those of the target are right, whatever they hide; with them they are compared")
  func noMetadata() async throws {
    bench.log.write(Samples.events(0..<5), to: "s")
    bench.log.setMetadata(#"{"mine":1}"#, of: "s")
    bench.log.write(Samples.events(0..<5), to: "deleted")
    bench.log.remove("deleted")
    try await bench.archive()
    let report = try await restore { $0.metadata = .none }
    #expect(report.metadata.same == 0 && report.events.hidden == 0 && report.streams.same == 2)
    #expect(try await plain() == ["differentMetadata deleted", "differentMetadata s"])
    bench.target.setMetadata(#"{"$tb":3}"#, of: "s")
    let hidden = try await bench.compare(bench.configuration.compared)
    #expect(hidden.outcome == .equal && hidden.events.hidden == 3, "\(hidden.found)")
  }

  @Test("A history of metadata is compared by its end")
  func history() async throws {
    bench.log.write(Samples.events(0..<5), to: "s")
    for version in 0..<3 { bench.log.setMetadata("{\"v\":\(version)}", of: "s") }
    try await bench.archive()
    let report = try await restore { $0.metadata = .history }
    #expect(report.metadata.same == 1)
    bench.target.setMetadata(#"{"v":1}"#, of: "s")
    #expect(try await bench.compare(bench.configuration.compared).found == ["differentMetadata s"])
  }

  @Test("An undeleted stream is as before its delete")
  func undeleted() async throws {
    bench.log.write(Samples.events(0..<3), to: "s")
    bench.log.setMetadata(#"{"mine":1}"#, of: "s")
    bench.log.remove("s")
    bench.log.write(Samples.events(0..<3), to: "bare")
    bench.log.remove("bare")
    try await bench.archive()
    let report = try await restore { $0.undeletes = true }
    #expect(report.streams.same == 2 && report.events.hidden == 0 && report.metadata.same == 1)
    #expect(try await plain() == ["differentMetadata bare", "differentMetadata s"])
    bench.target.remove("bare")
    #expect(
      try await bench.compare(bench.configuration.compared).found == ["deletedOnTarget bare", "differentMetadata bare"])
  }

  @Test("With tombstones a hard-deleted stream must be hard-deleted")
  func tombstones() async throws {
    for stream in ["kept", "gone"] as [StreamName] { bench.log.write("a", to: stream) }
    bench.log.remove("gone", hard: true)
    try await bench.archive()
    let report = try await restore { $0.tombstones = true }
    #expect(report.streams.same == 2 && report.streams.hardDeletedLeftOut == 0)
    #expect(try await plain() == [])
    bench.target = EventLog()
    bench.target.write(try bench.archived.filter { $0.stream == "kept" }.map { ProposedEvent($0) }, to: "kept")
    #expect(try await bench.compare(bench.configuration.compared).found == ["missing gone"])
    #expect(try await plain() == [])
    bench.target.write("a", to: "gone")
    #expect(try await bench.compare(bench.configuration.compared).found == ["aliveOnTarget gone"])
  }

  @Test("Origins are expected in the metadata of events")
  func origin() async throws {
    bench.log.write([Samples.event("a"), Samples.event("b")], to: "s")
    try await bench.archive()
    _ = try await restore { $0.addsOriginMetadata = true }
    #expect(try await plain() == ["differentEvent s 0"])
  }

  @Test("A server has no moments, and no archive of named streams has")
  func moments() async throws {
    bench.log.write("a", to: "s")
    try await bench.archive()
    var configuration = CompareConfiguration(retry: Samples.retry)
    for change: @Sendable (inout RestoredForm) -> Void in [
      { $0.until = .position(.start) }, { $0.dropsExpired = true },
    ] {
      configuration.form = RestoredForm()
      change(&configuration.form)
      let (bench, refused) = (bench, configuration)
      let error = await #expect(throws: ReplicationError.self) {
        try await bench.compare(refused, with: .server(LogConnection(bench.log)))
      }
      #expect(error?.code == .invalidArgument)
    }
  }
}

extension RestoreBench {
  /// Compares the target with the archive, or with something else.
  func compare(
    _ configuration: CompareConfiguration, with reference: CompareRun.Reference? = nil
  ) async throws -> CompareReport {
    try await CompareRun(
      reference: try reference ?? .archive(ArchiveReader(storage: source.storage)), target: LogConnection(target),
      configuration: configuration, clock: ContinuousClock(), now: CompareBench.now, logger: Samples.quiet
    ).run()
  }
}

extension RestoreConfiguration {
  /// What a full comparison must be told after a restore with these settings.
  var compared: CompareConfiguration {
    var compared = CompareConfiguration(
      streams: streams, includeSystem: includeSystem, isFull: true, renames: renames, inFlight: 4, pageSize: 7,
      retry: Samples.retry)
    compared.form.filter = filter
    compared.form.until = until
    compared.form.dropsExpired = dropsExpired
    compared.form.expiredAt = expiredAt
    compared.form.hasMetadata = metadata != .none
    compared.form.undeletes = undeletes
    compared.form.tombstones = tombstones
    compared.form.addsOriginMetadata = addsOriginMetadata
    return compared
  }
}
