import EventStoreCore

/// Keeps account of one stream's restore: what became of its events, and where the stream stands.
struct StreamLedger: Hashable, Sendable {
  private let stream: StreamName
  /// Whether events are only looked for, so that what is gone may still be proven by the restore itself.
  private let isDryRun: Bool
  /// What became of events since the findings were taken last.
  private var findings = StreamFindings()
  /// What has become of the stream so far.
  private(set) var summary = StreamRestoreSummary()

  init(_ stream: StreamName, isDryRun: Bool) {
    self.stream = stream
    self.isDryRun = isDryRun
  }

  /// What became of events since this was asked last.
  mutating func takeFindings() -> StreamFindings {
    defer { findings = StreamFindings() }
    return findings
  }

  // MARK: Events

  /// The archive gave an event, which gets this number; nil for the one after the last.
  mutating func arrived(_ number: EventNumber?) {
    summary.lastArrived = number ?? summary.lastArrived + 1
  }

  /// The target's head was read.
  mutating func saw(_ head: TargetHead) {
    summary.saw(head)
  }

  /// The event number 0 of a soft-deleted stream is left for later.
  mutating func setAside(_ event: QueuedEvent) {
    summary.setAside = event
    settle(event)
  }

  /// The target recognised events that it has.
  mutating func proved(_ batch: AppendBatch) {
    findings.alreadyThere += batch.events.count { !$0.isFiller }
    summary.proven += batch.events.count { !$0.isFiller }
    settle(batch)
  }

  /// The target was given events that it did not have.
  mutating func appended(_ batch: AppendBatch) {
    let fillers = batch.events.count(where: \.isFiller)
    findings.appended += batch.events.count - fillers
    findings.fillers += fillers
    findings.payloadBytes += batch.payloadBytes
    summary.appended += batch.events.count
    settle(batch)
  }

  /// The target has the same event in its place.
  mutating func found(_ event: QueuedEvent, at number: EventNumber) {
    findings.alreadyThere += event.isFiller ? 0 : 1
    summary.proven += 1
    settle(event)
    summary.settled(through: number)
  }

  /// What the target had in an event's place cannot be read any more.
  mutating func gone(_ event: QueuedEvent, at number: EventNumber) {
    findings.unproven += 1
    summary.unproven += 1
    if summary.unproven == 1, !isDryRun {
      note(.unproven, "it is gone on the target, so nobody can tell whether it was the same", number: number)
    }
    settle(event)
    summary.settled(through: number)
  }

  /// The target does not take an event, and its stream ends before it.
  mutating func rejectedLast(_ event: QueuedEvent?) {
    findings.rejected += 1
    settle(event)
  }

  /// The target does not take an event, and its stream goes on.
  mutating func rejected(_ event: QueuedEvent?, number: EventNumber, reason: String) {
    rejectedLast(event)
    note(.rejected, reason, number: number)
  }

  /// The events after a rejected one get the numbers before theirs.
  ///
  /// - Parameter isForSize: Whether it was rejected for its size alone.
  mutating func closedUp(isForSize: Bool) {
    summary.lastArrived -= 1
    if !isForSize { summary.closedUp += 1 }
  }

  private mutating func settle(_ batch: AppendBatch) {
    findings.settledFrames += batch.events.compactMap(\.frame)
    summary.settled(through: batch.last)
  }

  private mutating func settle(_ event: QueuedEvent?) {
    if let frame = event?.frame { findings.settledFrames.append(frame) }
  }

  // MARK: Endings

  /// Nothing more is done.
  mutating func ended(_ ending: StreamEnding) {
    summary.ending = ending
  }

  /// Events are not written, because the stream has ended.
  mutating func left(_ events: [QueuedEvent]) {
    let count = events.count { !$0.isFiller }
    if summary.ending == .deleted { findings.deleted += count } else { findings.notWritten += count }
    findings.settledFrames += events.compactMap(\.frame)
  }

  /// Something did not go as asked.
  mutating func note(_ kind: RestoreReport.Issue.Kind, _ detail: String, number: EventNumber?) {
    findings.issues.append(
      RestoreReport.Issue(kind: kind, stream: stream.description, number: number, detail: detail))
  }
}
