package import EventArchive
package import EventStoreCore
package import Logging

/// Copies the events of an archive into a target, with expected versions always and without changing event numbers.
package struct RestoreRun: Sendable {
  private let archive: ArchiveReader
  private let target: any EventReader & EventWriter
  private let configuration: RestoreConfiguration
  private let rejects: any RejectedEventSink
  private let stop: StopSignal
  private let clock: any Clock<Duration>
  private let logger: Logger
  private let progress: @Sendable (RestoreProgress) -> Void

  /// - Parameters:
  ///   - rejects: Takes the events that the target does not.
  ///   - stop: Ends the run early and cleanly: what is under way is waited for.
  ///   - progress: Told after every frame; called from any thread, must be quick.
  package init(
    archive: ArchiveReader, target: any EventReader & EventWriter,
    configuration: RestoreConfiguration = RestoreConfiguration(), rejects: any RejectedEventSink,
    stop: StopSignal = StopSignal(), clock: any Clock<Duration> = ContinuousClock(),
    logger: Logger = Logger(label: "eventvault.restore"),
    progress: @escaping @Sendable (RestoreProgress) -> Void = { _ in }
  ) {
    self.archive = archive
    self.target = target
    self.configuration = configuration
    self.rejects = rejects
    self.stop = stop
    self.clock = clock
    self.logger = logger
    self.progress = progress
  }

  /// Runs until the archive's end, or the stop signal.
  ///
  /// What is about single streams does not end the run: it is in the report. The archive is only read.
  /// - Throws: `ReplicationError`: `stalled`, `unexpectedAnswer`, `invalidArgument`; `EventStoreError` for what the target
  ///   refuses altogether, `accessDenied` when the user may write nothing at all; `ArchiveError`; what the sink of
  ///   rejected events throws; `CancellationError`. Whatever was written stays, and a repeat recognises it.
  package func run() async throws -> RestoreReport {
    if let problem = configuration.problems.first { throw ReplicationError(.invalidArgument, problem) }
    let stopwatch = Stopwatch(clock)
    let patience = Patience(policy: configuration.retry, stopwatch: stopwatch, stop: stop, logger: logger)
    let target = RestoreTarget(store: target, patience: patience, isDryRun: configuration.dryRun, rejects: rejects)
    let limits = AppendLimits(configuration, await target.store.limits)
    var tally = RestoreTally(configuration, stopwatch: stopwatch, watch: progress)

    tally.beganPlanning()
    let plan = try RestorePlan(archive, scope: RestoreScope(configuration))
    tally.planned(plan)
    var events = EventsRestore(
      archive, plan: plan, configuration: configuration, limits: limits, target: target, stop: stop)
    do {
      try await events.run(&tally)
      var metadata = MetadataRestore(
        archive, plan: plan, configuration: configuration, limits: limits, target: target, stop: stop, after: events)
      try await metadata.run(&tally)
      tally.add(events.summaries, setAside: metadata.setAside)
    } catch Interruption.stopped {
      tally.add(events.summaries, setAside: [:])
    }
    try tally.checkAccess()
    return tally.finished(wasStopped: stop.isStopped)
  }
}
