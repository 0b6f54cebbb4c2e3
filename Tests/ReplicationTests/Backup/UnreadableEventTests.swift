import EventArchive
import EventStoreCore
import EventStoreServer
import Replication
import Testing

/// Events that the source has and cannot give: recorded, reported, never waited for.
@Suite("Events that cannot be read", .timeLimit(.minutes(2)))
struct UnreadableEventTests {
  private static let tooLarge = EventStoreError(.frameTooLarge, "one event alone breaks the frame limit")
  private static let garbage = EventStoreError(.protocolViolation, "the server's answer cannot be read")

  private func unreadable(_ id: UInt64) -> ProposedEvent {
    Samples.event("x", type: UnreadableSource.type, id: EventID(high: 9, low: id))
  }

  private func numbers(_ bench: BackupBench) throws -> [EventNumber] { try bench.archived.map(\.number) }

  private func gaps(_ bench: BackupBench) throws -> [ArchiveGap] { try ArchiveReader(storage: bench.storage).gaps }

  private func position(of number: EventNumber, in bench: BackupBench) async throws -> Position {
    let all = try await Samples.all(of: bench.log)
    return try #require(all.first { $0.number == number }?.position)
  }

  @Test(
    "The rest of $all is archived, and the gap is in the archive and the report; a repeat adds nothing",
    arguments: [tooLarge, garbage], [1, 7, 8, 30])
  func inTheMiddle(error: EventStoreError, before: Int) async throws {
    let bench = BackupBench()
    bench.log.write(Samples.events(0..<before), to: "s")
    bench.log.write([unreadable(1)], to: "s")
    bench.log.write(Samples.events(0..<20), to: "s")
    let source = UnreadableSource(bench.log, error)
    let report = try await bench.run(from: source)
    #expect(report.outcome == .incomplete && report.events == before + 20)
    #expect(source.failures > 0)
    let number = EventNumber(before)
    #expect(try numbers(bench) == Array(0..<number) + Array(number + 1..<number + 21))
    let extent = ArchiveGap.Extent.positions(
      after: try await position(of: number - 1, in: bench), before: try await position(of: number + 1, in: bench))
    #expect(try gaps(bench).map(\.extent) == [extent])
    #expect(try gaps(bench).map(\.reason) == [error.description])
    #expect(report.gaps == [.init(what: "\(extent)", reason: error.description)])
    let contents = bench.storage.contents
    #expect(try await bench.run(from: source).outcome == .finished)
    #expect(bench.storage.contents == contents)
  }

  @Test("The first event of a log may be the one")
  func first() async throws {
    let bench = BackupBench()
    bench.log.write([unreadable(1)], to: "s")
    bench.log.write(Samples.events(0..<9), to: "s")
    let report = try await bench.run(from: UnreadableSource(bench.log, Self.tooLarge))
    #expect(report.outcome == .incomplete)
    #expect(try numbers(bench) == Array(1..<10))
    #expect(
      try gaps(bench).map(\.extent) == [.positions(after: .start, before: try await position(of: 1, in: bench))])
  }

  @Test("Behind two of them everything after the last is archived, and the gap covers what lies between")
  func two() async throws {
    let bench = BackupBench()
    bench.log.write(Samples.events(0..<10), to: "s")
    bench.log.write([unreadable(1)], to: "s")
    bench.log.write(Samples.events(0..<10), to: "s")
    bench.log.write([unreadable(2)], to: "s")
    bench.log.write(Samples.events(0..<10), to: "s")
    let report = try await bench.run(from: UnreadableSource(bench.log, Self.tooLarge))
    #expect(report.outcome == .incomplete && report.gaps.count == 1)
    #expect(try numbers(bench) == Array(0..<10) + Array(22..<32))
    #expect(
      try gaps(bench).map(\.extent) == [
        .positions(after: try await position(of: 9, in: bench), before: try await position(of: 22, in: bench))
      ])
  }

  @Test("When the newest event is the one the run ends, incomplete; a later run leads past it")
  func newest() async throws {
    let bench = BackupBench()
    bench.log.write(Samples.events(0..<10), to: "s")
    bench.log.write([unreadable(1)], to: "s")
    let source = UnreadableSource(bench.log, Self.tooLarge)
    for _ in 0..<2 {
      let report = try await bench.run(from: source)
      #expect(report.outcome == .incomplete && report.gaps.count == 1)
      #expect(report.gaps.first?.what == "everything after \(try await position(of: 9, in: bench))")
      #expect(try numbers(bench) == Array(0..<10))
      #expect(try gaps(bench).isEmpty)
    }
    bench.log.write(Samples.events(0..<3), to: "s")
    let report = try await bench.run(from: source)
    #expect(report.outcome == .incomplete && report.events == 3)
    #expect(try numbers(bench) == Array(0..<10) + [11, 12, 13])
    #expect(try gaps(bench).count == 1)
    #expect(try await bench.run(from: source).outcome == .finished)
  }

  @Test("A failure of reading from the front only ends the run; nothing is called missing")
  func onlyForward() async throws {
    let bench = BackupBench()
    bench.log.write(Samples.events(0..<30), to: "s")
    let source = HookedStore(LogConnection(bench.log)) { call in
      if case .readAll(.forward, let position) = call, position > .start { throw Self.garbage }
    }
    await #expect(throws: Self.garbage) { try await bench.run(from: source) }
    #expect(try gaps(bench).isEmpty)
    try await bench.run()
    try await bench.expectWhole()
  }

  @Test("Following goes on behind it as soon as something newer comes, and tells it at the end")
  func following() async throws {
    var bench = BackupBench()
    bench.configuration.follow = true
    bench.log.write(Samples.events(0..<5), to: "s")
    let stop = StopSignal()
    let latest = Locked<BackupProgress?>(nil)
    let source = UnreadableSource(bench.log, Self.tooLarge)
    let run = Task { [bench] in
      try await bench.run(from: source, stop: stop) { progress in latest.withLock { $0 = progress } }
    }
    do {
      try await until("history is archived") { latest.withLock { $0?.phase == .live && $0?.events == 5 } }
      bench.log.write([unreadable(1)], to: "s")
      try await until("the event was met") { source.failures > 0 }
      bench.log.write(Samples.events(0..<2), to: "s")
      try await until("what follows is archived") { latest.withLock { $0?.events == 7 } }
    } catch {
      stop.stop()
      _ = try await run.value
      throw error
    }
    stop.stop()
    let report = try await run.value
    #expect(report.outcome == .stopped && report.isIncomplete)
    #expect(try numbers(bench) == [0, 1, 2, 3, 4, 6, 7])
    #expect(try gaps(bench).count == 1)
  }

  @Test("Of a named stream the numbers are recorded, neighbours as one gap", arguments: [tooLarge, garbage])
  func stream(error: EventStoreError) async throws {
    var bench = BackupBench()
    bench.scope = .list(["s"])
    bench.log.write(Samples.events(0..<10), to: "s")
    bench.log.write([unreadable(1), unreadable(2)], to: "s")
    bench.log.write(Samples.events(0..<10), to: "s")
    bench.log.write([unreadable(3)], to: "s")
    let report = try await bench.run(from: UnreadableSource(bench.log, error))
    #expect(report.outcome == .incomplete && report.events == 20)
    #expect(try numbers(bench) == Array(0..<10) + Array(12..<22))
    #expect(try gaps(bench).map(\.extent) == [.numbers("s", 10...11), .numbers("s", 22...22)])
    #expect(report.gaps.map(\.what) == ["stream s, events 10 to 11", "stream s, event 22"])
    bench.log.write("after", to: "s")
    #expect(try await bench.run(from: UnreadableSource(bench.log, error)).events == 1)
    #expect(try numbers(bench).suffix(2) == [21, 23])
    #expect(try gaps(bench).count == 2)
  }
}
