import EventArchive
import EventStoreCore
import EventStoreServer
import Replication
import Testing

@Suite("Commits of several events", .timeLimit(.minutes(2)))
struct TransactionTests {
  /// A log in which most events share their commit position with others.
  private func bench() throws -> BackupBench {
    var bench = BackupBench()
    bench.options.maximumFrameBytes = 300
    bench.options.maximumSegmentBytes = 300
    bench.configuration.pageSize = 2
    for round in 0..<12 {
      bench.log.write("alone \(round)", to: "s")
      try bench.log.writeTogether(Samples.events(0..<(3 + round % 4)), to: "t")
    }
    return bench
  }

  /// Expects that no segment, and not the archive, ends within a commit of the log.
  private func expectNothingCut(_ bench: BackupBench, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let reader = try ArchiveReader(storage: bench.storage)
    let all = try await Samples.all(of: bench.log)
    let lastOfCommit = Dictionary(
      all.compactMap(\.position).map { ($0.commit, $0) }, uniquingKeysWith: { max($0, $1) })
    for segment in reader.segments {
      let end = try #require(segment.last.position)
      #expect(
        lastOfCommit[end.commit] == end, "segment \(segment.sequence) ends at \(end)", sourceLocation: sourceLocation)
    }
  }

  @Test("Segments end between commits, however small segments and pages are")
  func segments() async throws {
    let bench = try bench()
    try await bench.run()
    try await bench.expectWhole()
    #expect(try ArchiveReader(storage: bench.storage).segments.count > 5)
    try await expectNothingCut(bench)
  }

  @Test("A stop between two pages of a commit keeps the commit whole, and the next run brings the rest")
  func stopped() async throws {
    for page in 1...25 {
      let bench = try bench()
      let stop = StopSignal()
      let pages = Locked(0)
      let source = HookedStore(LogConnection(bench.log)) { call in
        guard case .readAll(.forward, _) = call else { return }
        let isDue = pages.withLock { pages in
          pages += 1
          return pages == page
        }
        if isDue { stop.stop() }
      }
      let report = try await bench.run(from: source, stop: stop)
      #expect(report.outcome == .stopped)
      #expect(report.events == (try bench.archived.count))
      try await expectNothingCut(bench)
      #expect(try await bench.run().outcome == .finished)
      try await bench.expectWhole()
      try await expectNothingCut(bench)
    }
  }

  @Test("A failure between two pages of a commit keeps the commit whole, and the next run brings the rest")
  func failed() async throws {
    for page in 1...25 {
      let bench = try bench()
      let source = LogConnection(bench.log)
      // The first read of all is that of the end.
      source.plan(.refuse(EventStoreError(.serverError, "out of order")), on: .readAll, skipping: page)
      await #expect(throws: EventStoreError.self) { try await bench.run(from: source) }
      #expect(!source.hasPendingFaults)
      try await expectNothingCut(bench)
      try await bench.run()
      try await bench.expectWhole()
    }
  }

  @Test("Following, a commit that comes in several batches is whole in the archive")
  func following() async throws {
    var bench = try bench()
    bench.configuration.follow = true
    let stop = StopSignal()
    let count = bench.log.eventCount
    let report = try await bench.run(stop: stop) { progress in
      if progress.phase == .live, progress.events == count { stop.stop() }
    }
    #expect(report.outcome == .stopped)
    try await bench.expectWhole()
    try await expectNothingCut(bench)
  }
}
