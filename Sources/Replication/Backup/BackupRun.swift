package import EventArchive
package import EventStoreCore
package import Logging

/// Copies events from a source into an archive: all of `$all`, or the streams of the archive's scope.
///
/// A run begins where the archive ends and ends with the archive sealed, whatever happens: finished, stopped, or failed at the
/// source. Only after a failure of the archive itself, of the proof that the source is the same, or a cancellation, is the archive
/// left as a crash would leave it. No event is lost or doubled either way.
package struct BackupRun: Sendable {
  private let source: any EventReader
  private let archive: ArchiveWriter
  private let configuration: BackupConfiguration
  private let stop: StopSignal
  private let clock: any Clock<Duration>
  private let logger: Logger
  private let progress: @Sendable (BackupProgress) -> Void

  /// - Parameters:
  ///   - archive: Opened for this run, which closes it.
  ///   - stop: Ends the run early and cleanly.
  ///   - progress: Told after every page; called from any thread, must be quick.
  package init(
    source: any EventReader, archive: ArchiveWriter, configuration: BackupConfiguration = BackupConfiguration(),
    stop: StopSignal = StopSignal(), clock: any Clock<Duration> = LimitClock(),
    logger: Logger = Logger(label: "eventvault.backup"),
    progress: @escaping @Sendable (BackupProgress) -> Void = { _ in }
  ) {
    self.source = source
    self.archive = archive
    self.configuration = configuration
    self.stop = stop
    self.clock = clock
    self.logger = logger
    self.progress = progress
  }

  /// Runs until the end that the source had when the run began; when following, until stopped.
  ///
  /// - Throws: `ReplicationError`: `sourceDiverged`, `stalled`, `unexpectedAnswer`, `invalidArgument`; `EventStoreError` for
  ///   what the source refuses, `accessDenied` for `$all` above all; `ArchiveError`; `CancellationError`.
  package func run() async throws -> BackupReport {
    if let problem = configuration.problems.first {
      await archive.abandon()
      throw ReplicationError(.invalidArgument, problem)
    }
    let stopwatch = Stopwatch(clock)
    let tally = BackupTally(stopwatch: stopwatch, watch: progress)
    let patience = Patience(policy: configuration.retry, stopwatch: stopwatch, stop: stop, logger: logger)
    var wasStopped = false
    do {
      try await read(patience: patience, tally: tally)
    } catch Interruption.stopped {
      wasStopped = true
    } catch {
      try await end(after: error)
      throw error
    }
    tally.entered(.sealing)
    try await archive.finish()
    return tally.report(wasStopped: wasStopped)
  }

  private func read(patience: Patience, tally: BackupTally) async throws {
    tally.entered(.checkingSource)
    switch archive.description.scope {
    case .all(let includeSystem):
      let filter = archive.description.filter
      try await AllBackup(
        source: source, archive: archive, configuration: configuration, includeSystem: includeSystem,
        selector: filter.takesEverything ? nil : try EventSelector(filter), patience: patience, tally: tally
      ).run()
    case .streams(let streams):
      try await StreamsBackup(
        source: source, archive: archive, configuration: configuration, named: streams, patience: patience,
        tally: tally
      ).run()
    }
  }

  /// Ends the archive as the error allows.
  /// - Throws: `ArchiveError` when sealing fails, which then matters more than why the run ended.
  private func end(after error: any Error) async throws {
    let keepsArchive: Bool
    switch error {
    case is ArchiveError, is CancellationError: keepsArchive = false
    case let error as ReplicationError: keepsArchive = error.code == .stalled || error.code == .unexpectedAnswer
    default: keepsArchive = true
    }
    if keepsArchive { try await archive.finish() } else { await archive.abandon() }
  }
}
