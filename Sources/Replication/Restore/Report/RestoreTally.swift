import EventStoreCore

/// Counts what a restore does, and tells whoever watches.
struct RestoreTally {
  private(set) var report: RestoreReport
  private var progress: RestoreProgress
  private let maximumIssuesListed: Int
  private let onConflict: RestoreOnConflict
  private let stopwatch: Stopwatch
  private let watch: @Sendable (RestoreProgress) -> Void

  init(
    _ configuration: RestoreConfiguration, stopwatch: Stopwatch, watch: @escaping @Sendable (RestoreProgress) -> Void
  ) {
    report = RestoreReport(
      isDryRun: configuration.dryRun, order: configuration.keepsOrder ? .global : .stream)
    maximumIssuesListed = configuration.maximumIssuesListed
    onConflict = configuration.onConflict
    progress = RestoreProgress(phase: .planning, totalEvents: 0, elapsed: .zero)
    self.stopwatch = stopwatch
    self.watch = watch
  }

  /// The run looks at what the archive holds.
  mutating func beganPlanning() {
    tell(.planning)
  }

  /// The run knows what it will go through.
  mutating func planned(_ plan: RestorePlan) {
    report.events.leftOut = plan.leftOut[.otherStream] ?? 0
    report.events.filteredOut = plan.leftOut[.filtered] ?? 0
    report.events.expiredLeftOut = plan.leftOut[.expired] ?? 0
    report.events.afterCut = plan.leftOut[.afterCut] ?? 0
    report.events.tombstonesLeftOut = plan.leftOut[.tombstone] ?? 0
    report.lastKept = plan.selection.cut?.lastKept
    report.firstDropped = plan.selection.cut?.firstDropped
    report.expiredAt = plan.selection.expiredAt?.description
    report.streams.systemLeftOut = plan.systemLeftOut
    report.streams.hardDeletedLeftOut = plan.hardDeletedLeftOut
    report.streams.missing = plan.missing.count
    for stream in plan.missing {
      add(.init(kind: .missing, stream: stream.description, detail: "the archive does not hold it"))
    }
    if plan.selection.scope.includeSystem {
      warn("system streams are restored too; on a live server these conflict by nature")
    }
    progress.totalEvents = plan.totalEvents
    tell(.restoring)
  }

  /// Everything of the archive up to here is dealt with, and so many appends are under way.
  mutating func moved(to position: Position?, inFlight: Int) {
    progress.position = position ?? progress.position
    progress.inFlight = inFlight
    tell(.restoring)
  }

  /// Something became of some events.
  mutating func add(_ findings: StreamFindings) {
    report.events.appended += findings.appended
    report.events.alreadyThere += findings.alreadyThere
    report.events.unproven += findings.unproven
    report.events.rejected += findings.rejected
    report.events.notWritten += findings.notWritten
    report.events.ofDeletedStreams += findings.deleted
    report.events.fillers += findings.fillers
    report.payloadBytes += findings.payloadBytes
    progress.eventsAppended += findings.appended
    progress.events += findings.settledFrames.count
    for issue in findings.issues { add(issue) }
  }

  /// Links that were written lead to nothing.
  mutating func addDanglingLinks(_ count: Int) {
    report.events.danglingLinks += count
  }

  /// Something became of a stream's metadata.
  mutating func add(_ findings: MetadataFindings) {
    findings.count(into: &report)
    progress.events += findings.events
    if case .written(let versions) = findings.outcome { progress.eventsAppended += versions }
    for issue in findings.issues { add(issue) }
  }

  /// Something became of a tombstone.
  mutating func add(_ findings: TombstoneFindings) {
    switch findings {
    case .written: report.events.tombstonesWritten += 1
    case .alreadyThere: report.events.tombstonesAlreadyThere += 1
    case .notWritten: report.events.notWritten += 1
    case .conflict(let issue):
      report.events.notWritten += 1
      report.streams.conflicts += 1
      add(issue)
    case .refused(let issue):
      report.events.notWritten += 1
      add(issue)
    }
  }

  /// Events have other numbers, or streams other names, on the target.
  mutating func addMoved(_ count: Int) {
    report.events.moved += count
  }

  /// This is what became of whole streams, and of the events that were set aside.
  mutating func add(
    _ summaries: [(stream: StreamName, summary: StreamRestoreSummary)],
    setAside: [StreamName: MetadataFindings.SetAside]
  ) {
    for (stream, var summary) in summaries {
      switch setAside[stream] {
      case .proven:
        summary.proven += 1
        summary.settled(through: 0)
      case .unproven: summary.unproven += 1
      case .different: summary.ending = .conflict
      case nil: break
      }
      add(summary)
    }
  }

  private mutating func add(_ summary: StreamRestoreSummary) {
    switch summary.ending {
    case .refused: report.streams.refused += 1
    case .conflict: report.streams.conflicts += 1
    case .denied: report.streams.denied += 1
    case .cutShort: report.streams.cutShort += 1
    case .deleted: report.streams.alreadyThere += 1
    case nil:
      if summary.unproven > 0 {
        report.streams.unproven += 1
      } else if summary.appended == 0 {
        // Of a stream that a stopped run did not get to, or not through, nothing is known.
        if summary.proven > 0, summary.lastSettled >= summary.lastArrived { report.streams.alreadyThere += 1 }
      } else if summary.wasThere {
        report.streams.continued += 1
      } else {
        report.streams.created += 1
      }
    }
  }

  /// Something did not go as asked.
  mutating func add(_ issue: RestoreReport.Issue) {
    report.issueCount += 1
    if report.issues.count < maximumIssuesListed { report.issues.append(issue) }
  }

  /// Something else should be known.
  mutating func warn(_ sentence: String) {
    report.warnings.append(sentence)
  }

  /// Makes a user who may write nothing at all an error of the run.
  /// - Throws: `accessDenied`.
  func checkAccess() throws {
    let (events, metadata, streams) = (report.events, report.metadata, report.streams)
    let done = events.appended + events.alreadyThere + events.unproven + metadata.written + metadata.alreadyThere
    guard streams.denied > 0, done == 0, streams.conflicts + streams.refused + metadata.conflicts == 0,
      let issue = report.issues.first(where: { $0.kind == .accessDenied })
    else { return }
    throw EventStoreError(
      .accessDenied, issue.detail, hint: "connect as a user who may write these streams, an administrator for instance")
  }

  /// What was done in all.
  func finished(wasStopped: Bool) -> RestoreReport {
    var report = report
    if report.isDryRun, report.events.unproven > 0 {
      report.warnings.append(
        "\(report.events.unproven) events of the archive cannot be read on the target; "
          + "only the restore itself can prove them, by appending them again")
    }
    report.outcome =
      if onConflict == .fail, report.streams.conflicts + report.metadata.conflicts > 0 {
        .conflict
      } else if wasStopped {
        .stopped
      } else if report.issueCount > 0 {
        .incomplete
      } else {
        .finished
      }
    return report
  }

  private mutating func tell(_ phase: RestoreProgress.Phase) {
    progress.phase = phase
    progress.elapsed = stopwatch.elapsed
    watch(progress)
  }
}
