package import EventArchive
package import EventStoreCore
package import Logging

/// Copies the events of an archive into a target, with expected versions always.
package struct RestoreRun: Sendable {
  private let archive: ArchiveReader
  private let target: any EventReader & EventWriter
  private let configuration: RestoreConfiguration
  private let rejects: any RejectedEventSink
  private let moved: (any MovedEventsSink)?
  private let stop: StopSignal
  private let clock: any Clock<Duration>
  private let logger: Logger
  private let progress: @Sendable (RestoreProgress) -> Void

  /// - Parameters:
  ///   - rejects: Takes the events that the target does not.
  ///   - moved: Takes the list of events that get other numbers or names.
  ///   - stop: Ends the run early and cleanly: what is under way is waited for.
  ///   - progress: Told after every frame; called from any thread, must be quick.
  package init(
    archive: ArchiveReader, target: any EventReader & EventWriter,
    configuration: RestoreConfiguration = RestoreConfiguration(), rejects: any RejectedEventSink,
    moved: (any MovedEventsSink)? = nil, stop: StopSignal = StopSignal(),
    clock: any Clock<Duration> = LimitClock(), logger: Logger = Logger(label: "eventvault.restore"),
    progress: @escaping @Sendable (RestoreProgress) -> Void = { _ in }
  ) {
    self.archive = archive
    self.target = target
    self.configuration = configuration
    self.rejects = rejects
    self.moved = moved
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
    let limits = AppendLimits(configuration, await target.limits)
    let target = RestoreTarget(
      store: target, patience: patience, isDryRun: configuration.dryRun, rejects: rejects,
      gate: AppendGate(maximumBytes: limits.maximumBytes))
    var tally = RestoreTally(configuration, stopwatch: stopwatch, watch: progress)

    tally.beganPlanning()
    let plan = try RestorePlan(archive, configuration, limits: limits)
    tally.planned(plan)
    if !archive.gaps.isEmpty {
      tally.warn("the archive has \(archive.gaps.count) gaps: events that its source could not give are not in it")
    }
    try await tellMoved(plan, &tally)
    var events = EventsRestore(
      archive, plan: plan, configuration: configuration, rules: rules(limits), target: target, stop: stop)
    var setAside: [StreamName: MetadataFindings.SetAside] = [:]
    do {
      try await events.run(&tally)
      var metadata = MetadataRestore(
        archive, plan: plan, configuration: configuration, limits: limits, target: target, stop: stop, after: events)
      try await metadata.run(&tally)
      setAside = metadata.setAside
      try await TombstoneRestore(
        plan: plan, configuration: configuration, target: target, stop: stop, events: events, setAside: setAside
      ).run(&tally)
    } catch Interruption.stopped {
      // What is not done yet is done by the next run.
    }
    tally.add(events.summaries, setAside: setAside)
    warnOfOtherNumbers(events.summaries.map(\.summary), &tally)
    try tally.checkAccess()
    return tally.finished(wasStopped: stop.isStopped)
  }

  private func rules(_ limits: AppendLimits) -> StreamRules {
    StreamRules(
      limits: limits, numbers: configuration.numbers,
      fillers: Fillers(archive: archive.description.id, maximum: configuration.maximumFillers),
      isDryRun: configuration.dryRun)
  }

  /// Where numbers are made anew, an event that is refused for more than its size moves those after it once more.
  private func warnOfOtherNumbers(_ summaries: [StreamRestoreSummary], _ tally: inout RestoreTally) {
    let streams = summaries.count { $0.closedUp > 0 }
    guard streams > 0 else { return }
    tally.warn(
      "the target refused events that nobody could foresee, and what comes after them in \(streams) "
        + "\(streams == 1 ? "stream" : "streams") has lower numbers than links and the map of moved events say")
  }

  private func tellMoved(_ plan: RestorePlan, _ tally: inout RestoreTally) async throws {
    let numbers = NumberMap(configuration.numbers, shapes: plan.irregular)
    guard configuration.numbers == .renumber || !plan.naming.isIdentity else { return }
    var last: StreamName?
    while true {
      let page = try archive.streams(after: last, limit: 10_000)
      last = page.last?.stream
      let entries = page.filter { plan.takesEvents(of: $0.stream) }.flatMap { summary in
        numbers.moved(summary.stream, to: plan.naming.name(of: summary.stream), last: summary.lastNumber)
      }
      tally.addMoved(entries.reduce(0) { $0 + Int($1.last - $1.first) + 1 })
      if !configuration.dryRun, !entries.isEmpty { try await moved?.moved(entries) }
      guard page.count == 10_000 else { return }
    }
  }
}
