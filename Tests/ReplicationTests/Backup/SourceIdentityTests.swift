import EventArchive
import EventStoreCore
import EventStoreServer
import Replication
import Testing

@Suite("The source is the one that was archived", .timeLimit(.minutes(2)))
struct SourceIdentityTests {
  private let clock = TestClock(skipping: .seconds(60))

  /// An archive of ten events of a stream.
  private func bench(_ scope: ArchiveScope = .all(includeSystem: false)) async throws -> BackupBench {
    var bench = BackupBench()
    bench.scope = scope
    bench.log.write(Samples.events(0..<10), to: "s")
    try await bench.run()
    return bench
  }

  @Test("Another cluster is refused, and nothing is written", arguments: [10, 11, 100])
  func anotherCluster(count: Int) async throws {
    let bench = try await bench()
    let before = bench.storage.contents
    let other = EventLog()
    other.write(Samples.events(0..<count), to: "s")
    #expect(await bench.refusal(from: LogConnection(other), clock: clock) == .sourceDiverged)
    #expect(bench.storage.contents == before && !bench.storage.isLocked)
    bench.log.write("new", to: "s")
    try await bench.run()
    try await bench.expectWhole()
  }

  @Test("A cluster that was restored from an older copy is refused, though its beginning is the same")
  func setBack() async throws {
    let bench = try await bench()
    let copy = EventLog()
    let events = try await Samples.all(of: bench.log)
    copy.write(events.prefix(6).map { ProposedEvent($0) }, to: "s")
    let before = bench.storage.contents
    #expect(await bench.refusal(from: LogConnection(copy), clock: clock) == .sourceDiverged)
    #expect(clock.elapsed >= Samples.retry.stallTimeout)

    copy.write(Samples.events(0..<10), to: "s")
    #expect(await bench.refusal(from: LogConnection(copy), clock: clock) == .sourceDiverged)
    #expect(bench.storage.contents == before)
  }

  @Test("An empty cluster is refused")
  func empty() async throws {
    let bench = try await bench()
    #expect(await bench.refusal(from: LogConnection(EventLog()), clock: clock) == .sourceDiverged)
  }

  @Test("A source whose checkpoint is of events that were left out is known again by them")
  func leftOutAnchors() async throws {
    let bench = try await bench()
    bench.log.write("left out", to: "$system")
    try await bench.run()
    bench.log.write("new", to: "s")
    #expect(try await bench.run().events == 1)
    let other = EventLog()
    other.write(try await Samples.all(of: bench.log).prefix(10).map { ProposedEvent($0) }, to: "s")
    other.write("left out", to: "$system")
    other.write("other", to: "s")
    #expect(await bench.refusal(from: LogConnection(other), clock: clock) == .sourceDiverged)
  }

  @Test("A stream with another event at the archived end is another source")
  func otherStream() async throws {
    let bench = try await bench(.list(["s"]))
    let before = bench.storage.contents
    let other = EventLog()
    other.write(Samples.events(0..<12), to: "s")
    #expect(await bench.refusal(from: LogConnection(other), clock: clock) == .sourceDiverged)
    #expect(bench.storage.contents == before && !bench.storage.isLocked)
  }

  @Test("A stream that ends before the archived end is waited for, and then another source")
  func shorterStream() async throws {
    let bench = try await bench(.list(["s"]))
    let other = EventLog()
    other.write(try await Samples.events(of: "s", in: bench.log).prefix(9).map { ProposedEvent($0) }, to: "s")
    #expect(await bench.refusal(from: LogConnection(other), clock: clock) == .sourceDiverged)
    #expect(clock.elapsed >= Samples.retry.stallTimeout)
  }

  @Test("A stream whose archived end was truncated since is the same source")
  func truncatedStream() async throws {
    let bench = try await bench(.list(["s"]))
    bench.log.write(Samples.events(10..<15), to: "s")
    bench.log.setMetadata(#"{"$tb":12}"#, of: "s")
    let report = try await bench.run()
    #expect(report.outcome == .finished && report.events == 4)
    #expect(try bench.archived.filter { $0.stream == "s" }.map(\.number) == Array(0..<10) + [12, 13, 14])
  }
}
