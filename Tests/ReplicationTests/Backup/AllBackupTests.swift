import EventArchive
import EventStoreCore
import EventStoreServer
import Replication
import Testing

@Suite(.timeLimit(.minutes(2))) struct AllBackupTests {
  @Test("An archive of $all holds everything that users wrote, bit for bit and in order", arguments: [1, 7, 500, 4095])
  func everything(pageSize: Int) async throws {
    var bench = BackupBench()
    bench.log.fill(with: DemoEvents(count: 400))
    bench.log.write("a", to: "$projections")
    bench.configuration.pageSize = pageSize
    let report = try await bench.run()
    try await bench.expectWhole()
    let archived = try bench.archived
    #expect(report.outcome == .finished && report.events == archived.count)
    #expect(report.payloadBytes == archived.reduce(0) { $0 + $1.data.count + $1.metadata.count })
    #expect(report.eventsLeftOut == bench.log.eventCount - archived.count && report.eventsLeftOut > 0)
    #expect(report.position == (try await LogConnection(bench.log).lastPosition()?.description))
    #expect(report.warnings.isEmpty)
  }

  @Test("With system streams the archive holds everything that $all shows")
  func systemStreams() async throws {
    var bench = BackupBench()
    bench.scope = .all(includeSystem: true)
    bench.log.fill(with: DemoEvents(count: 100))
    bench.log.write("a", to: "$projections")
    bench.log.setMetadata(#"{"$maxAge":1000}"#, of: "$stats")
    let report = try await bench.run()
    try await bench.expectWhole()
    #expect(report.eventsLeftOut == 0 && report.events == bench.log.eventCount)
  }

  @Test("A run ends where the source ended when it began, though somebody goes on writing")
  func writerGoesOn() async throws {
    let bench = BackupBench()
    bench.log.write(Samples.events(0..<50), to: "s")
    let expected = try await Samples.all(of: bench.log)
    let source = HookedStore(LogConnection(bench.log)) { [log = bench.log] call in
      if case .readAll(.forward, _) = call { log.write(Samples.events(0..<10), to: "later") }
    }
    let report = try await bench.run(from: source)
    #expect(report.outcome == .finished)
    Samples.expectEqual(try bench.archived, expected)
    #expect(bench.log.eventCount > 100)
    try await bench.run()
    try await bench.expectWhole()
  }

  @Test("The next run reads only what is new, and nothing before the checkpoint")
  func resume() async throws {
    let bench = BackupBench()
    bench.log.write(Samples.events(0..<60), to: "s")
    try await bench.run()
    let checkpoint = try #require(try await LogConnection(bench.log).lastPosition())
    bench.log.write(Samples.events(60..<75), to: "s")
    let reads = Locked<[Position]>([])
    let source = HookedStore(LogConnection(bench.log)) { call in
      if case .readAll(.forward, let position) = call { reads.withLock { $0.append(position) } }
    }
    let report = try await bench.run(from: source)
    #expect(report.events == 15)
    #expect(reads.withLock { $0 }.allSatisfy { $0 >= checkpoint })
    try await bench.expectWhole()
  }

  @Test("A run without news changes no byte of the archive")
  func noNews() async throws {
    let bench = BackupBench()
    bench.log.write(Samples.events(0..<20), to: "s")
    bench.log.write("left out", to: "$system")
    try await bench.run()
    let before = bench.storage.contents
    let report = try await bench.run()
    #expect(report.outcome == .finished && report.events == 0 && report.eventsLeftOut == 0)
    #expect(bench.storage.contents == before)
  }

  @Test("What was left out is not read again")
  func leftOutOnce() async throws {
    let bench = BackupBench()
    bench.log.write("a", to: "s")
    bench.log.write(Samples.events(0..<30), to: "$system")
    #expect(try await bench.run().eventsLeftOut == 30)
    bench.log.write("b", to: "s")
    let report = try await bench.run()
    #expect(report.events == 1 && report.eventsLeftOut == 0)
    try await bench.expectWhole()
  }

  @Test("An empty log gives a sound and empty archive, which the next run goes on with")
  func emptyLog() async throws {
    let bench = BackupBench()
    let report = try await bench.run()
    #expect(report.outcome == .finished && report.events == 0 && report.position == nil)
    #expect(try bench.archived.isEmpty)
    bench.log.write("a", "b", to: "s")
    #expect(try await bench.run().events == 2)
    try await bench.expectWhole()
  }

  @Test("Progress never goes back, and ends with everything done")
  func progress() async throws {
    let bench = BackupBench()
    bench.log.fill(with: DemoEvents(count: 100))
    let seen = Locked<[BackupProgress]>([])
    try await bench.run { progress in seen.withLock { $0.append(progress) } }
    let all = seen.withLock { $0 }
    #expect(zip(all, all.dropFirst()).allSatisfy { $0.events <= $1.events && ($0.fraction ?? 0) <= ($1.fraction ?? 1) })
    #expect(all.first?.phase == .checkingSource && all.last?.phase == .sealing)
    #expect(all.last?.fraction == 1)
    #expect(all.last?.endSeenAtStart == all.last?.position)
  }

  @Test("Settings that make no sense are refused, and nothing is written")
  func invalid() async throws {
    var bench = BackupBench()
    bench.log.write("a", to: "s")
    try await bench.run()
    let before = bench.storage.contents
    bench.log.write("b", to: "s")
    bench.configuration.pageSize = 4096
    #expect(await bench.refusal() == .invalidArgument)
    #expect(bench.storage.contents == before && !bench.storage.isLocked)
  }

  @Test("Who may not read $all is told so, with what would help, and the archive stays sound")
  func accessDenied() async throws {
    let bench = BackupBench()
    bench.log.write("a", to: "s")
    try await bench.run()
    bench.log.write("b", to: "s")
    let error = await #expect(throws: EventStoreError.self) {
      try await bench.run(from: LogConnection(bench.log, as: nil))
    }
    #expect(error?.code == .accessDenied && error?.hint?.contains("administrator") == true)
    #expect(try bench.archived.count == 1)
    try await bench.run()
    try await bench.expectWhole()
  }
}
