import EventArchive
import EventStoreCore
import EventStoreServer
import Replication
import Testing

@Suite("Restores to a moment", .timeLimit(.minutes(2)))
struct UntilTests {
  private static func moment(_ second: Int64) -> Timestamp {
    Timestamp(ticks: 17_000_000_000_000_000 + second * 10_000_000)
  }

  /// An event written at this second.
  private static func event(
    _ second: Int64, _ stream: StreamName, _ number: EventNumber, commit: Int64, prepare: Int64? = nil
  ) -> RecordedEvent {
    RecordedEvent(
      stream: stream, number: number, id: id(UInt64(commit * 1000 + (prepare ?? commit))), type: "T", isJSON: false,
      data: "", created: moment(second), position: Position(commit: commit, prepare: prepare ?? commit))
  }

  /// A log whose clock steps back, with a commit of three events at 400.
  private static let events = [
    event(0, "a", 0, commit: 100), event(10, "b", 0, commit: 200), event(30, "a", 1, commit: 300),
    event(31, "c", 0, commit: 400, prepare: 350), event(31, "c", 1, commit: 400, prepare: 360),
    event(33, "c", 2, commit: 400), event(20, "a", 2, commit: 500), event(21, "b", 1, commit: 600),
    event(40, "a", 3, commit: 700),
  ]

  private func bench(_ until: RestoreUntil) async throws -> RestoreBench {
    var bench = RestoreBench()
    try await bench.archive(Self.events)
    bench.configuration.until = until
    return bench
  }

  /// Expects that exactly the first events are restored, and that the report shows both sides of the cut.
  private func expectCut(
    _ until: RestoreUntil, keeps count: Int, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let bench = try await bench(until)
    let report = try await bench.runTwice(sourceLocation: sourceLocation)
    #expect(report.outcome == .finished, sourceLocation: sourceLocation)
    let restored = Content(try await Samples.all(of: bench.target))
    #expect(restored == Content(Array(Self.events.prefix(count))), sourceLocation: sourceLocation)
    #expect(report.events.afterCut == Self.events.count - count, sourceLocation: sourceLocation)
    let (kept, dropped) = (Self.events.prefix(count).last, Self.events.dropFirst(count).first)
    for (edge, event) in [(report.lastKept, kept), (report.firstDropped, dropped)] {
      #expect(edge?.position == event?.position?.description, sourceLocation: sourceLocation)
      #expect(
        edge?.number == event?.number && edge?.stream == event?.stream.description, sourceLocation: sourceLocation)
      #expect(edge?.created == event?.created.description, sourceLocation: sourceLocation)
    }
    try await bench.expectRepeat(sourceLocation: sourceLocation)
    // The rest comes later without a gap.
    var whole = bench
    whole.configuration.until = nil
    #expect(try await whole.run().outcome == .finished, sourceLocation: sourceLocation)
    try await whole.expectWhole(sourceLocation: sourceLocation)
  }

  @Test(
    "A position keeps its whole commit, wherever it points in it, and nothing after it",
    arguments: [
      (0, 0, 0), (99, 99, 0), (100, 100, 1), (399, 399, 3), (400, 0, 6), (400, 350, 6), (400, 400, 6), (450, 450, 6),
      (700, 700, 9), (9_000_000, 0, 9),
    ] as [(Int64, Int64, Int)])
  func position(commit: Int64, prepare: Int64, count: Int) async throws {
    try await expectCut(.position(Position(commit: commit, prepare: prepare)), keeps: count)
  }

  @Test(
    "A time ends at the first event that is later, though the clock steps back after it, and no commit is cut",
    arguments: [
      (-1, 0), (0, 1), (9, 1), (10, 2), (25, 2), (30, 3), (31, 3), (32, 3), (33, 8), (39, 8), (40, 9), (99, 9),
    ]
      as [(Int64, Int)])
  func time(second: Int64, count: Int) async throws {
    try await expectCut(.time(Self.moment(second)), keeps: count)
  }

  @Test("An archive of named streams has no moments: it is refused before anything is written")
  func namedStreams() async throws {
    var bench = RestoreBench()
    bench.source.scope = .streams(["a"])
    bench.log.write("a", "b", to: "a")
    try await bench.archive()
    for until in [RestoreUntil.position(at(0)), .time(Timestamp(ticks: 0))] {
      bench.configuration.until = until
      let error = await #expect(throws: ReplicationError.self) { try await bench.run() }
      #expect(error?.code == .invalidArgument && error?.hint?.contains("$all") == true)
    }
    #expect(bench.target.eventCount == 0)
  }

  @Test("Streams named by the user are cut at the same place as all others")
  func someStreams() async throws {
    var bench = try await bench(.time(Self.moment(12)))
    bench.configuration.streams = ["b"]
    let report = try await bench.runTwice()
    #expect(report.outcome == .finished && report.lastKept?.stream == "b" && report.firstDropped?.stream == "a")
    #expect(try await bench.restored("b").map(\.number) == [0])
    #expect(bench.target.eventCount == 1)
  }

  /// A stream whose deletes and metadata come one after the other; the commit positions of all events.
  private func living(_ act: (EventLog) -> Void) async throws -> RestoreBench {
    var bench = RestoreBench()
    bench.log.setMetadata(#"{"n":0}"#, of: "s")
    bench.log.write("a", "b", to: "s")
    bench.log.write("cut after this", to: "t")
    act(bench.log)
    bench.log.write("c", to: "u")
    try await bench.archive()
    let edge = try #require(try bench.archived.first { $0.stream == "t" }?.position)
    bench.configuration.until = .position(edge)
    return bench
  }

  @Test("A stream deleted after the moment comes back alive, soft or hard, with or without tombstones asked for")
  func deletes() async throws {
    for (isHard, tombstones) in [(false, false), (true, false), (true, true)] {
      var bench = try await living { $0.remove("s", hard: isHard) }
      bench.configuration.tombstones = tombstones
      let report = try await bench.runTwice()
      #expect(report.outcome == .finished && report.events.afterCut == 2 && report.events.tombstonesWritten == 0)
      #expect(report.streams.hardDeletedLeftOut == 0 && report.events.tombstonesLeftOut == 0)
      #expect(try await bench.readable("s") == [0, 1])
      #expect(try await bench.texts("$$s") == [#"{"n":0}"#])
      #expect(try await bench.restored("u").isEmpty)
      try await bench.expectRepeat()
    }
  }

  @Test("Metadata written after the moment are not", arguments: RestoreMetadata.allCases)
  func metadata(mode: RestoreMetadata) async throws {
    var bench = try await living { log in
      log.setMetadata(#"{"n":1}"#, of: "s")
      log.setMetadata(#"{"n":2,"$maxCount":1}"#, of: "s")
      log.setMetadata(#"{"n":3}"#, of: "t")
    }
    bench.configuration.metadata = mode
    let report = try await bench.runTwice()
    #expect(report.outcome == .finished && report.events.afterCut == 4)
    #expect(try await bench.texts("$$s") == (mode == .none ? [] : [#"{"n":0}"#]))
    #expect(try await bench.texts("$$t") == [])
    #expect(try await bench.readable("s") == [0, 1])
    try await bench.expectRepeat()
  }

  @Test("A stream created after the moment is not there, and its links neither")
  func later() async throws {
    let bench = try await living { log in
      log.write([ProposedEvent(type: .link, isJSON: false, data: "0@later")], to: "links")
      log.write("x", to: "later")
    }
    let report = try await bench.runTwice()
    #expect(report.outcome == .finished && report.events.danglingLinks == 0)
    let streams = Set(try await Samples.all(of: bench.target).map(\.stream))
    #expect(streams == ["s", "$$s", "t"])
  }
}
