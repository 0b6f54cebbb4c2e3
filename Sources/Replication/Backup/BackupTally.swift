import EventStoreCore

/// What a backup has done so far, told to whoever watches.
final class BackupTally: Sendable {
  private struct State {
    var progress = BackupProgress(phase: .checkingSource, elapsed: .zero)
    var start: Position?
    var unread: [BackupReport.UnreadStream] = []
    var gaps: [BackupReport.Gap] = []
    var warnings: [String] = []
  }

  private let state = Locked(State())
  private let stopwatch: Stopwatch
  private let watch: @Sendable (BackupProgress) -> Void

  init(stopwatch: Stopwatch, watch: @escaping @Sendable (BackupProgress) -> Void) {
    self.stopwatch = stopwatch
    self.watch = watch
  }

  /// The run does something else now.
  func entered(_ phase: BackupProgress.Phase) {
    tell { $0.progress.phase = phase }
  }

  /// The source's end was read when the run began.
  func sawEnd(_ end: Position?, startingAt start: Position?) {
    tell { state in
      state.start = start
      state.progress.position = start
      state.progress.endSeenAtStart = end
    }
  }

  /// How far the source's end is ahead was looked up.
  func sawLag(_ bytes: Int64) {
    tell { $0.progress.lagBytes = bytes }
  }

  /// Events were archived, and others left out.
  func archived(_ events: [RecordedEvent], leftOut: Int, upTo position: Position?) {
    let bytes = events.reduce(0) { $0 + $1.data.count + $1.metadata.count }
    tell { state in
      state.progress.events += events.count
      state.progress.eventsLeftOut += leftOut
      state.progress.payloadBytes += bytes
      if let position { state.progress.position = position }
      if let last = events.last { state.progress.newestCreated = last.created }
      if let end = state.progress.endSeenAtStart {
        let first = state.start?.commit ?? 0
        let whole = Double(max(end.commit - first, 1))
        let done = Double((state.progress.position?.commit ?? first) - first)
        state.progress.fraction = min(max(done / whole, 0), 1)
      }
    }
  }

  /// So much of the list of streams was read.
  func read(fraction: Double) {
    tell { $0.progress.fraction = fraction }
  }

  /// A stream could not be read.
  func couldNotRead(_ stream: StreamName, _ reason: BackupReport.UnreadStream.Reason) {
    state.withLock { $0.unread.append(.init(stream: stream.description, reason: reason)) }
  }

  /// Events could not be read; the same ones are told once.
  func isMissing(_ what: String, reason: String) {
    let gap = BackupReport.Gap(what: what, reason: reason)
    state.withLock { if !$0.gaps.contains(gap) { $0.gaps.append(gap) } }
  }

  /// Something else should be known.
  func warn(_ sentence: String) {
    state.withLock { $0.warnings.append(sentence) }
  }

  /// What was done in all.
  func report(wasStopped: Bool) -> BackupReport {
    state.withLock { state in
      var report = BackupReport(outcome: .finished)
      report.events = state.progress.events
      report.eventsLeftOut = state.progress.eventsLeftOut
      report.payloadBytes = state.progress.payloadBytes
      report.position = state.progress.position?.description
      report.unreadStreams = state.unread
      report.gaps = state.gaps
      report.warnings = state.warnings
      if report.isIncomplete { report.outcome = .incomplete }
      if wasStopped { report.outcome = .stopped }
      return report
    }
  }

  private func tell(_ change: (inout State) -> Void) {
    let progress = state.withLock { state in
      change(&state)
      state.progress.elapsed = stopwatch.elapsed
      return state.progress
    }
    watch(progress)
  }
}
