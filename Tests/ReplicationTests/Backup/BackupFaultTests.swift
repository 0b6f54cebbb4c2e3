import EventArchive
import EventStoreCore
import EventStoreServer
import Replication
import Testing

@Suite(.timeLimit(.minutes(2))) struct BackupFaultTests {
  /// Fifty events in a stream, read seven at a time.
  private func bench(_ scope: ArchiveScope = .all(includeSystem: false)) -> BackupBench {
    var bench = BackupBench()
    bench.scope = scope
    bench.log.write(Samples.events(0..<50), to: "s")
    return bench
  }

  @Test(
    "A failure that passes costs nothing, wherever it happens",
    arguments: [Samples.full, Samples.lost, Samples.late], 0..<8)
  func transient(error: EventStoreError, skipping: Int) async throws {
    let bench = bench()
    let source = LogConnection(bench.log)
    source.plan(.refuse(error), on: .readAll, skipping: skipping, times: 3)
    #expect(try await bench.run(from: source).outcome == .finished)
    #expect(source.faultHits == 3)
    try await bench.expectWhole()
  }

  @Test("A failure that passes costs nothing when single streams are read, wherever it happens", arguments: 0..<9)
  func transientStream(skipping: Int) async throws {
    let bench = bench(.list(["s"]))
    let source = LogConnection(bench.log)
    source.plan(.refuse(Samples.full), on: .readStream, skipping: skipping, times: 3)
    let report = try await bench.run(from: source)
    #expect(report.outcome == .finished && report.events == 50)
    #expect(source.faultHits == 3)
    #expect(try bench.archived.map(\.number) == Array(0..<50))
  }

  @Test("A permanent failure ends the run with the server's own words, and keeps what was read")
  func permanent() async throws {
    let bench = bench()
    let source = LogConnection(bench.log)
    let error = EventStoreError(.serverError, "the server could not read", cause: "disk on fire")
    source.plan(.refuse(error), on: .readAll, skipping: 4)
    await #expect(throws: error) { try await bench.run(from: source) }
    #expect(!source.hasPendingFaults)
    #expect(try bench.archived.map(\.number) == Array(0..<21))
    #expect(try await bench.run().events == 29)
    try await bench.expectWhole()
  }

  @Test("A source that always fails is a stall, which names the last failure")
  func alwaysFails() async throws {
    var bench = bench()
    bench.configuration.retry.maximumDelay = .seconds(1)
    let clock = TestClock(skipping: .seconds(60))
    let source = LogConnection(bench.log)
    source.plan(.refuse(Samples.full), on: .readAll, skipping: 3, times: .max)
    let error = await #expect(throws: ReplicationError.self) { try await bench.run(from: source, clock: clock) }
    #expect(error?.code == .stalled && error?.cause?.contains("too busy") == true && error?.hint != nil)
    #expect(clock.elapsed >= Samples.retry.stallTimeout)
    #expect(try bench.archived.map(\.number) == Array(0..<14))
    try await bench.run()
    try await bench.expectWhole()
  }

  @Test("A source that takes requests and never answers is a stall; what was read is kept", arguments: [0, 1, 3])
  func neverAnswers(skipping: Int) async throws {
    let bench = bench()
    let clock = TestClock()
    let calls = Locked(0)
    let hanging = Locked(false)
    let source = HookedStore(LogConnection(bench.log)) { _ in
      let hangs = calls.withLock { calls in
        calls += 1
        return calls > skipping
      }
      if hangs {
        hanging.withLock { $0 = true }
        try await HookedStore.hang()
      }
    }
    async let failure = bench.refusal(from: source, clock: clock)
    try await until("the source hangs") { hanging.withLock { $0 } && clock.isSleptOn(for: Samples.retry.stallTimeout) }
    clock.advance(by: Samples.retry.stallTimeout)
    #expect(await failure == .stalled)
    #expect(try bench.archived.count == max(0, skipping - 1) * 7)
    try await bench.run()
    try await bench.expectWhole()
  }

  @Test("A stop signal that was given before the run ends it at once; the archive is sound and goes on")
  func stoppedBefore() async throws {
    let bench = bench()
    let stop = StopSignal()
    stop.stop()
    let report = try await bench.run(stop: stop)
    #expect(report.outcome == .stopped)
    #expect(try bench.archived.count == report.events)
    try await bench.run()
    try await bench.expectWhole()
  }

  @Test("A stop signal ends a run with what was read, sealed; the next run goes on", arguments: [7, 14, 28])
  func stopped(after count: Int) async throws {
    let bench = bench()
    let stop = StopSignal()
    let report = try await bench.run(stop: stop) { if $0.events >= count { stop.stop() } }
    #expect(report.outcome == .stopped && report.events >= count && report.events < 50)
    let archived = try bench.archived
    Samples.expectEqual(archived, Array(try await Samples.all(of: bench.log).prefix(report.events)))
    let reader = try ArchiveReader(storage: bench.storage)
    #expect(reader.openSegment == nil && !bench.storage.isLocked)
    #expect(try await bench.run().events == 50 - report.events)
    try await bench.expectWhole()
  }

  @Test("A stop signal ends a run whose source hangs")
  func stoppedWhileHanging() async throws {
    let bench = bench()
    let stop = StopSignal()
    let source = HookedStore(LogConnection(bench.log)) { call in
      guard case .readAll(.forward, _) = call else { return }
      stop.stop()
      try await HookedStore.hang()
    }
    #expect(try await bench.run(from: source, stop: stop).outcome == .stopped)
  }

  @Test("Cancelling the run's task ends it, and leaves an archive that goes on")
  func cancelled() async throws {
    let bench = bench()
    let isReading = Locked(false)
    let source = HookedStore(LogConnection(bench.log)) { call in
      guard case .readAll(.forward, let position) = call, position > .start else { return }
      isReading.withLock { $0 = true }
      try await HookedStore.hang()
    }
    let run = Task { try await bench.run(from: source) }
    try await until("the source hangs") { isReading.withLock { $0 } }
    run.cancel()
    await #expect(throws: CancellationError.self) { try await run.value }
    #expect(!bench.storage.isLocked)
    try await bench.run()
    try await bench.expectWhole()
  }

  @Test("A source whose pages go back is not believed, and what was read before is kept")
  func goesBack() async throws {
    let bench = bench()
    let source = BackwardSource(connection: LogConnection(bench.log), goesBackAt: 3)
    #expect(await bench.refusal(from: source) == .unexpectedAnswer)
    #expect(try bench.archived.map(\.number) == Array(0..<14))
    try await bench.run()
    try await bench.expectWhole()
  }
}

/// A source one of whose forward pages of `$all` is the first page again.
private final class BackwardSource: ForwardingStore {
  let store: LogConnection
  private let pages = Locked(0)
  private let wrongPage: Int

  init(connection: LogConnection, goesBackAt page: Int) {
    store = connection
    wrongPage = page
  }

  func readAll(
    _ direction: ReadDirection, from position: Position, maximumCount: Int, resolveLinks: Bool
  ) async throws -> AllPage {
    var isWrong = false
    if direction == .forward {
      isWrong = pages.withLock { pages in
        pages += 1
        return pages == wrongPage
      }
    }
    var page = try await store.readAll(
      direction, from: position, maximumCount: maximumCount, resolveLinks: resolveLinks)
    if isWrong, page.events.count > 1 { page.events.swapAt(0, 1) }
    return page
  }
}
