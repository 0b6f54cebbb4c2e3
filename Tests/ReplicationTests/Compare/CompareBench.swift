import EventArchive
import EventStoreCore
import EventStoreServer
import Replication
import Testing

/// A source with an archive of it in memory, a target, and comparisons of both with it.
struct CompareBench: ArchivingBench {
  /// The moment against which `$maxAge` counts.
  static let now = Timestamp(ticks: 18_000_000_000_000_000)

  var source = BackupBench()
  var target = EventLog()
  var configuration = CompareConfiguration(isFull: true, inFlight: 4, pageSize: 7, retry: Samples.retry)

  /// Archives the source and restores that into the target.
  func copy(_ streams: [StreamName]? = nil) async throws {
    try await archive()
    let report = try await RestoreRun(
      archive: ArchiveReader(storage: source.storage), target: LogConnection(target),
      configuration: RestoreConfiguration(
        streams: streams, includeSystem: configuration.includeSystem, retry: Samples.retry), rejects: NoRejects(),
      logger: Samples.quiet
    ).run()
    #expect(report.outcome == .finished, "\(report.issues)")
  }

  /// Compares the target with the archive.
  func run(
    _ change: (inout CompareConfiguration) -> Void = { _ in }, against target: (any EventReader)? = nil,
    stop: StopSignal = StopSignal(), clock: any Clock<Duration> = ContinuousClock(), now: Timestamp = now,
    progress: @escaping @Sendable (CompareProgress) -> Void = { _ in }
  ) async throws -> CompareReport {
    try await run(
      with: .archive(ArchiveReader(storage: source.storage)), change, against: target, stop: stop, clock: clock,
      now: now, progress: progress)
  }

  /// Compares the target with the source itself.
  func runWithSource(
    _ change: (inout CompareConfiguration) -> Void = { _ in }, through reader: (any EventReader)? = nil,
    against target: (any EventReader)? = nil
  ) async throws -> CompareReport {
    try await run(with: .server(reader ?? LogConnection(log)), change, against: target)
  }

  /// Compares quickly and in full, with the archive and with the source: what all four must say.
  func runAll(
    _ change: (inout CompareConfiguration) -> Void = { _ in }
  ) async throws -> [(name: String, report: CompareReport)] {
    var reports: [(String, CompareReport)] = []
    for isFull in [false, true] {
      let change: (inout CompareConfiguration) -> Void = {
        $0.isFull = isFull
        change(&$0)
      }
      reports.append(("archive, full \(isFull)", try await run(change)))
      reports.append(("source, full \(isFull)", try await runWithSource(change)))
    }
    return reports
  }

  private func run(
    with reference: CompareRun.Reference, _ change: (inout CompareConfiguration) -> Void,
    against target: (any EventReader)? = nil, stop: StopSignal = StopSignal(),
    clock: any Clock<Duration> = ContinuousClock(), now: Timestamp = now,
    progress: @escaping @Sendable (CompareProgress) -> Void = { _ in }
  ) async throws -> CompareReport {
    var configuration = configuration
    change(&configuration)
    return try await CompareRun(
      reference: reference, target: target ?? LogConnection(self.target), configuration: configuration, stop: stop,
      clock: clock, now: now, logger: Samples.quiet, progress: progress
    ).run()
  }
}

/// A restore that these tests need rejects nothing.
private struct NoRejects: RejectedEventSink {
  func reject(_ event: RejectedEvent) async throws {
    Issue.record("event \(event.event.number) of stream \(event.event.stream) was rejected: \(event.reason)")
  }
}

extension CompareReport {
  /// The differences in short: kind, stream, number.
  var found: [String] {
    differences.map { "\($0.kind.rawValue) \($0.stream)\($0.number.map { " \($0)" } ?? "")" }.sorted()
  }
}
