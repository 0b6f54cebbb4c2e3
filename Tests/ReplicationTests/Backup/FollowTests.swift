import EventArchive
import EventStoreCore
import EventStoreServer
import Replication
import Testing

@Suite("Following", .timeLimit(.minutes(2)))
struct FollowTests {
  /// A run that follows, until the body is done and it is stopped.
  private func follow(
    _ bench: BackupBench, from source: (any EventReader)? = nil,
    _ body: (_ progress: Locked<BackupProgress?>) async throws -> Void
  ) async throws -> BackupReport {
    var bench = bench
    bench.configuration.follow = true
    let stop = StopSignal()
    let latest = Locked<BackupProgress?>(nil)
    let run = Task { [bench] in
      try await bench.run(from: source, stop: stop) { progress in latest.withLock { $0 = progress } }
    }
    do {
      try await body(latest)
    } catch {
      stop.stop()
      _ = try await run.value
      throw error
    }
    stop.stop()
    return try await run.value
  }

  private func isLive(_ progress: Locked<BackupProgress?>, events: Int) -> Bool {
    progress.withLock { $0?.phase == .live && $0?.events == events }
  }

  @Test("History first, then what comes, each event once; a stop ends it with the archive whole")
  func historyThenLive() async throws {
    let bench = BackupBench()
    bench.log.write(Samples.events(0..<40), to: "s")
    let report = try await follow(bench) { progress in
      try await until("history is archived") { isLive(progress, events: 40) }
      for number in 40..<60 { bench.log.write(Samples.events(number..<number + 1), to: "s") }
      bench.log.write(Samples.events(0..<3), to: "$system")
      try await until("what came is archived") { progress.withLock { $0?.events == 60 && $0?.eventsLeftOut == 3 } }
    }
    #expect(report.outcome == .stopped && report.events == 60)
    try await bench.expectWhole()
  }

  @Test("A log without events is waited for")
  func emptyLog() async throws {
    let bench = BackupBench()
    let report = try await follow(bench) { progress in
      try await until("the run began") { progress.withLock { $0?.phase == .catchingUp } }
      bench.log.write("first", to: "s")
      try await until("the first event is archived") { isLive(progress, events: 1) }
      bench.log.write("second", to: "s")
      try await until("the second event is archived") { isLive(progress, events: 2) }
    }
    #expect(report.outcome == .stopped)
    try await bench.expectWhole()
  }

  @Test("What came is durable and can be read within the sync interval, while the run goes on and nothing more comes")
  func durable() async throws {
    let bench = BackupBench()
    bench.log.write(Samples.events(0..<5), to: "s")
    let report = try await follow(bench) { progress in
      try await until("history is archived") { isLive(progress, events: 5) }
      bench.log.write("live", to: "s")
      try await until("a reader sees it") { try ArchiveReader(storage: bench.storage).eventCount == 6 }
    }
    #expect(report.outcome == .stopped)
    try await bench.expectWhole()
  }

  @Test(
    "Feeds that are dropped, and requests that fail for a while, lose nothing and repeat nothing",
    arguments: [
      EventStoreError(.subscriptionDropped, "the server ended it"), Samples.lost, Samples.full, Samples.late,
    ])
  func droppedFeeds(error: EventStoreError) async throws {
    let bench = BackupBench()
    bench.log.write(Samples.events(0..<30), to: "s")
    let source = LogConnection(bench.log)
    for skipping in [0, 1, 2, 3, 5] { source.plan(.refuse(error), on: .nextBatch, skipping: skipping) }
    source.plan(.refuse(Samples.lost), on: .catchUp, skipping: 1, times: 2)
    let report = try await follow(bench, from: source) { progress in
      for number in 30..<200 where source.hasPendingFaults {
        bench.log.write(Samples.events(number..<number + 1), to: "s")
        try await until("event \(number) is archived") { progress.withLock { $0?.events == number + 1 } }
      }
    }
    #expect(!source.hasPendingFaults && source.faultHits == 7)
    #expect(report.outcome == .stopped)
    try await bench.expectWhole()
  }

  @Test("A feed that fails for good ends the run with its error, and keeps what came")
  func permanentFailure() async throws {
    var bench = BackupBench()
    bench.configuration.follow = true
    bench.log.write(Samples.events(0..<30), to: "s")
    let source = LogConnection(bench.log)
    let error = EventStoreError(.accessDenied, "not any more")
    source.plan(.refuse(error), on: .nextBatch, skipping: 1)
    await #expect(throws: error) { try await bench.run(from: source) }
    #expect(!source.hasPendingFaults)
    try await bench.expectWhole()
  }

  @Test("A feed that is silent although there is more is a stall")
  func silentFeed() async throws {
    var bench = BackupBench()
    bench.configuration.follow = true
    bench.configuration.syncInterval = .seconds(1)
    bench.log.write(Samples.events(0..<10), to: "s")
    let clock = TestClock(skipping: .seconds(30))
    let error = await bench.refusal(from: SilentSource(log: bench.log), clock: clock)
    #expect(error == .stalled)
    #expect(clock.elapsed >= Samples.retry.stallTimeout)
    #expect(try bench.archived.count == 10)
  }

  @Test("A feed that is silent because nothing is written is healthy, however long")
  func idle() async throws {
    var bench = BackupBench()
    bench.configuration.follow = true
    bench.configuration.syncInterval = .seconds(1)
    bench.log.write(Samples.events(0..<10), to: "s")
    let clock = TestClock(skipping: .seconds(30))
    let stop = StopSignal()
    async let report = bench.run(stop: stop, clock: clock)
    try await until("much time has passed") { clock.elapsed > Samples.retry.stallTimeout * 10 }
    stop.stop()
    #expect(try await report.outcome == .stopped)
  }

  @Test("Named streams are followed side by side, also one that is not there yet")
  func streams() async throws {
    var bench = BackupBench()
    bench.scope = .list(["s", "t", "later"])
    bench.log.write(Samples.events(0..<20), to: "s")
    bench.log.write(Samples.events(0..<5), to: "t")
    let source = LogConnection(bench.log)
    source.plan(.refuse(Samples.lost), on: .nextBatch, skipping: 2, times: 4)
    _ = try await follow(bench, from: source) { progress in
      try await until("history is archived") { isLive(progress, events: 25) }
      bench.log.write("live", to: "s")
      bench.log.write("live", to: "later")
      bench.log.setMetadata(#"{"own":1}"#, of: "t")
      try await until("what came is archived") { progress.withLock { $0?.events == 28 } }
    }
    #expect(!source.hasPendingFaults)
    let archived = try bench.archived
    for stream in ["s", "t", "later", "$$t"] as [StreamName] {
      Samples.expectEqual(
        archived.filter { $0.stream == stream }, try await Samples.events(of: stream, in: bench.log))
    }
    #expect(archived.count == 28)
  }
}

/// A source whose feeds never bring anything, while somebody writes.
private struct SilentSource: ForwardingStore {
  let store: LogConnection
  private let log: EventLog

  init(log: EventLog) {
    self.log = log
    store = LogConnection(log)
  }

  func catchUpAll(after position: Position, resolveLinks: Bool, pageSize: Int) async throws -> any EventFeed {
    log.write("never delivered", to: "s")
    return SilentFeed()
  }

  func catchUp(
    _ stream: StreamName, after number: EventNumber?, resolveLinks: Bool, pageSize: Int
  ) async throws -> any EventFeed {
    SilentFeed()
  }
}

private struct SilentFeed: EventFeed {
  func next() async throws -> FeedBatch? {
    try await HookedStore.hang()
    return nil
  }

  func close() async {}
}
