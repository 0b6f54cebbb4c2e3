package import EventArchive
package import EventStoreCore
package import Logging

/// Proves that a target holds what an archive, or another server, holds. Only reads. (docs/COMPARE.md.)
package struct CompareRun: Sendable {
  /// What the target is compared with.
  package enum Reference: Sendable {
    case archive(ArchiveReader)
    case server(any EventReader)
  }

  private let reference: Reference
  private let target: any EventReader
  private let configuration: CompareConfiguration
  private let stop: StopSignal
  private let clock: any Clock<Duration>
  private let now: Timestamp
  private let logger: Logger
  private let progress: @Sendable (CompareProgress) -> Void

  /// - Parameters:
  ///   - stop: Ends the run early; the report says what was found until then.
  ///   - now: Against which `$maxAge` counts.
  ///   - progress: Told after every page; called from any thread, must be quick.
  package init(
    reference: Reference, target: any EventReader, configuration: CompareConfiguration = CompareConfiguration(),
    stop: StopSignal = StopSignal(), clock: any Clock<Duration> = LimitClock(), now: Timestamp,
    logger: Logger = Logger(label: "eventvault.compare"),
    progress: @escaping @Sendable (CompareProgress) -> Void = { _ in }
  ) {
    self.reference = reference
    self.target = target
    self.configuration = configuration
    self.stop = stop
    self.clock = clock
    self.now = now
    self.logger = logger
    self.progress = progress
  }

  /// Runs until all is compared, or the stop signal.
  ///
  /// - Throws: `ReplicationError`: `stalled`, `unexpectedAnswer`, `invalidArgument`; `EventStoreError` for what a server
  ///   refuses altogether, `accessDenied` when the user may read no stream of the target; `ArchiveError`; `CancellationError`.
  package func run() async throws -> CompareReport {
    if let problem = configuration.problems.first { throw ReplicationError(.invalidArgument, problem) }
    let patience = Patience(
      policy: configuration.retry, stopwatch: Stopwatch(clock), stop: stop, logger: logger)
    let monitor = CompareMonitor(progress)
    var tally = CompareTally(configuration)
    var isComplete = true
    do {
      let passes = ComparePasses(
        reference: try await open(patience), target: TargetReader(reader: target, patience: patience),
        configuration: configuration, stop: stop, now: now, monitor: monitor)
      isComplete = try await passes.run(&tally)
    } catch Interruption.stopped {
      return tally.finished(wasStopped: true, isComplete: false)
    }
    try tally.checkAccess()
    return tally.finished(wasStopped: false, isComplete: isComplete)
  }

  private func open(_ patience: Patience) async throws -> any CompareReference {
    switch reference {
    case .archive(let archive):
      try ArchiveReference(archive: archive, selection: RestoreSelection(archive, configuration), stop: stop)
    case .server(let reader):
      try await ServerReference(
        LogScan(reader: reader, patience: patience, pageSize: configuration.pageSize),
        selection: RestoreSelection(configuration))
    }
  }
}
