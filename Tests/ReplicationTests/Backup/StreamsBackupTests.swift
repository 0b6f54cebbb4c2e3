import EventArchive
import EventStoreCore
import EventStoreServer
import Replication
import Testing

@Suite(.timeLimit(.minutes(2))) struct StreamsBackupTests {
  private func bench(_ streams: StreamName...) -> BackupBench {
    var bench = BackupBench()
    bench.scope = .list(streams)
    return bench
  }

  /// Expects that the archive holds of each stream what can be read of it, and nothing else.
  private func expectStreams(
    _ streams: [StreamName], _ bench: BackupBench, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let archived = try bench.archived
    for stream in streams {
      Samples.expectEqual(
        archived.filter { $0.stream == stream }, try await Samples.events(of: stream, in: bench.log),
        sourceLocation: sourceLocation)
    }
    #expect(Set(archived.map(\.stream)).isSubset(of: streams), sourceLocation: sourceLocation)
    #expect(archived.allSatisfy { $0.position == nil }, sourceLocation: sourceLocation)
  }

  @Test("Named streams are archived with their metadata, and nothing else", arguments: [1, 7, 500])
  func named(pageSize: Int) async throws {
    var bench = bench("s", "ü €", "$system")
    bench.configuration.pageSize = pageSize
    bench.log.fill(with: DemoEvents(count: 50))
    bench.log.write(Samples.events(0..<30), to: "s")
    bench.log.setMetadata(#"{"own":"key"}"#, of: "s")
    bench.log.write("a", to: "ü €")
    bench.log.write("b", to: "$system")
    let report = try await bench.run()
    #expect(
      report.outcome == .finished && report.events == 33 && report.unreadStreams.isEmpty && report.position == nil)
    try await expectStreams(["s", "$$s", "ü €", "$system"], bench)
  }

  @Test("Only the newest metadata can be read of a stream; every run adds what is new of them")
  func metadata() async throws {
    let bench = bench("s")
    bench.log.write("a", to: "s")
    bench.log.setMetadata(#"{"n":0}"#, of: "s")
    bench.log.setMetadata(#"{"n":1}"#, of: "s")
    try await bench.run()
    bench.log.setMetadata(#"{"n":2}"#, of: "s")
    #expect(try await bench.run().events == 1)
    #expect(try bench.archived.filter { $0.stream == "$$s" }.map(\.number) == [1, 2])
  }

  @Test("The next run reads only what is new, and a run without news changes no byte")
  func resume() async throws {
    let bench = bench("s", "t")
    bench.log.write(Samples.events(0..<30), to: "s")
    bench.log.write(Samples.events(0..<3), to: "t")
    try await bench.run()
    let before = bench.storage.contents
    #expect(try await bench.run().events == 0)
    #expect(bench.storage.contents == before)

    bench.log.write(Samples.events(30..<41), to: "s")
    let reads = Locked<[EventNumber]>([])
    let source = HookedStore(LogConnection(bench.log)) { call in
      if case .readStream("s", let number) = call, number >= 0 { reads.withLock { $0.append(number) } }
    }
    #expect(try await bench.run(from: source).events == 11)
    #expect(reads.withLock { $0 }.allSatisfy { $0 >= 30 })
    try await expectStreams(["s", "t"], bench)
  }

  @Test("A resume with another list of streams is refused before anything is read or written")
  func anotherList() async throws {
    var bench = bench("s", "t")
    bench.log.write("a", to: "s")
    bench.log.write("b", to: "t")
    try await bench.run()
    let before = bench.storage.contents
    for scope in [ArchiveScope.list(["s"]), .list(["s", "t", "u"]), .all(includeSystem: false)] {
      bench.scope = scope
      let error = await #expect(throws: ArchiveError.self) { try await bench.run() }
      #expect(error?.code == .scopeMismatch)
    }
    #expect(bench.storage.contents == before && !bench.storage.isLocked)
    bench.scope = .list(["t", "s", "t"])
    #expect(try await bench.run().outcome == .finished)
  }

  @Test("A stream that is not there does not keep the others from being archived")
  func missing() async throws {
    let bench = bench("missing", "s")
    bench.log.write("a", to: "s")
    let report = try await bench.run()
    #expect(report.outcome == .incomplete && report.events == 1)
    #expect(report.unreadStreams == [.init(stream: "missing", reason: .missing)])
    bench.log.write("b", to: "missing")
    let second = try await bench.run()
    #expect(second.outcome == .finished && second.events == 1)
    try await expectStreams(["s", "missing"], bench)
  }

  @Test("Deleted streams are told apart from missing ones; what was archived of them before stays")
  func deleted() async throws {
    let bench = bench("soft", "hard", "s")
    for stream in ["soft", "hard", "s"] as [StreamName] { bench.log.write("a", "b", to: stream) }
    #expect(try await bench.run().outcome == .finished)
    bench.log.remove("soft")
    bench.log.remove("hard", hard: true)
    bench.log.write("c", to: "s")
    let report = try await bench.run()
    // Nothing of the soft-deleted stream is missing; the hard-deleted one is gone for ever.
    #expect(report.outcome == .incomplete)
    #expect(report.unreadStreams == [.init(stream: "hard", reason: .hardDeleted)])
    #expect(try bench.archived.filter { $0.stream == "soft" }.count == 2)
    #expect(try bench.archived.filter { $0.stream == "hard" }.count == 2)
    #expect(try bench.archived.filter { $0.stream == "s" }.count == 3)
  }

  @Test("Events that a soft delete hid before they were archived are reported")
  func softDeletedUnread() async throws {
    let bench = bench("soft")
    bench.log.write("a", "b", to: "soft")
    bench.log.remove("soft")
    let report = try await bench.run()
    #expect(report.outcome == .incomplete)
    #expect(report.unreadStreams == [.init(stream: "soft", reason: .softDeleted)])
    #expect(try bench.archived.map(\.stream) == ["$$soft"])
  }

  @Test("A stream that was created anew after a delete goes on with its numbers")
  func recreated() async throws {
    let bench = bench("s")
    bench.log.write("a", "b", to: "s")
    try await bench.run()
    bench.log.remove("s")
    bench.log.write("c", "d", to: "s")
    let report = try await bench.run()
    #expect(report.outcome == .finished)
    #expect(try bench.archived.filter { $0.stream == "s" }.map(\.number) == [0, 1, 2, 3])
  }

  @Test("A stream that the user may not read is reported, recorded as a gap, and the others are archived")
  func accessDenied() async throws {
    let bench = bench("secret", "s")
    bench.log.write("a", to: "secret")
    bench.log.setMetadata(#"{"$acl":{"$r":["admin"]}}"#, of: "secret")
    bench.log.write("b", to: "s")
    let report = try await bench.run(from: LogConnection(bench.log, as: nil))
    #expect(report.outcome == .incomplete)
    #expect(report.unreadStreams.contains(.init(stream: "secret", reason: .accessDenied)))
    #expect(try bench.archived.filter { $0.stream == "s" }.count == 1)
    let gaps = try ArchiveReader(storage: bench.storage).gaps
    #expect(gaps.contains { $0.extent == .stream("secret") })
  }

  @Test("A truncated stream begins late, and the gap is no fault")
  func truncated() async throws {
    let bench = bench("s")
    bench.log.write(Samples.events(0..<40), to: "s")
    bench.log.setMetadata(#"{"$tb":25}"#, of: "s")
    #expect(try await bench.run().outcome == .finished)
    #expect(try bench.archived.filter { $0.stream == "s" }.map(\.number) == Array(25..<40))
  }

  @Test("A run ends where each stream ended when it began, though somebody goes on writing")
  func writerGoesOn() async throws {
    let bench = bench("s", "t")
    bench.log.write(Samples.events(0..<20), to: "s")
    bench.log.write(Samples.events(0..<20), to: "t")
    let source = HookedStore(LogConnection(bench.log)) { [log = bench.log] call in
      guard case .readStream(_, let number) = call, number >= 0 else { return }
      log.write("later", to: "s")
      log.write("later", to: "t")
    }
    #expect(try await bench.run(from: source).outcome == .finished)
    let archived = try bench.archived
    for stream in ["s", "t"] as [StreamName] {
      #expect(archived.filter { $0.stream == stream }.map(\.number) == Array(0..<20))
    }
  }

  @Test("A stop signal ends a run between pages; the next run goes on, each event once")
  func stopped() async throws {
    let bench = bench("s", "t")
    bench.log.write(Samples.events(0..<30), to: "s")
    bench.log.write(Samples.events(0..<30), to: "t")
    let stop = StopSignal()
    let report = try await bench.run(stop: stop) { if $0.events >= 40 { stop.stop() } }
    #expect(report.outcome == .stopped && report.events >= 40 && report.events < 60)
    #expect(try await bench.run().events == 60 - report.events)
    try await expectStreams(["s", "t"], bench)
  }

  @Test("A source that always fails, or never answers, is a stall; what was read is kept")
  func stalls() async throws {
    var bench = bench("s")
    bench.configuration.retry.maximumDelay = .seconds(1)
    bench.log.write(Samples.events(0..<30), to: "s")
    let clock = TestClock(skipping: .seconds(60))
    let source = LogConnection(bench.log)
    source.plan(.refuse(Samples.late), on: .readStream, skipping: 4, times: .max)
    #expect(await bench.refusal(from: source, clock: clock) == .stalled)
    #expect(clock.elapsed >= Samples.retry.stallTimeout)
    #expect(try bench.archived.map(\.number) == Array(0..<14))
    try await bench.run()
    try await expectStreams(["s"], bench)
  }
}
