import EventStoreCore

/// Decides how one stream's archived events come to the target: what is proven, what is appended, and when to stop.
///
/// What the target has already, up to its last number when the run came to the stream, is proven by appending it again with its
/// original expected version; the server recognises ids, however old. If it does not, the events that can be read are
/// compared: another id is a conflict, and events that are gone are unproven. What the target does not have is appended
/// with the exact expected version. Event numbers never change: a stream that would need it is refused untouched.
///
/// A conversation: `nextStep()` says what to do, `answered(_:)` what came of it, one step at a time. Events may arrive at
/// any moment, in the order of their numbers.
struct StreamRestoreStateMachine: Sendable {
  private enum State: Hashable {
    /// Nobody has looked at the target, or what was seen is out of date.
    case unknown(appendedBefore: TargetHead?)
    /// The head is known, and nothing is under way.
    case restoring(TargetHead)
    /// The target refused to recognise a batch that it should have.
    case doubting(AppendBatch, TargetHead)
    /// The target does not take the first event of the queue, for this reason.
    case rejecting(String, TargetHead)
    /// A step is under way; what was known when it began.
    case busy(StreamStep, TargetHead?)
    /// Nothing more is done.
    case ended
  }

  /// How often in a row an append may be refused although the target's head fits it.
  private static let maximumContradictions = 3

  let stream: StreamName
  private let shape: StreamShape?
  private let limits: AppendLimits
  private let isDryRun: Bool
  private var state = State.unknown(appendedBefore: nil)
  private var queue = EventQueue()
  private var findings = StreamFindings()
  private var maximumEvents: Int
  private var contradictions = 0
  /// What has become of the stream so far.
  private(set) var summary = StreamRestoreSummary()

  /// - Parameters:
  ///   - shape: Which numbers the archive holds; nil for all from 0 on.
  ///   - isDryRun: Whether proofs must do with reading.
  init(_ stream: StreamName, shape: StreamShape? = nil, limits: AppendLimits, isDryRun: Bool = false) {
    self.stream = stream
    self.shape = shape
    self.limits = limits
    self.isDryRun = isDryRun
    maximumEvents = limits.maximumEvents
  }

  /// Whether a step is under way.
  var isBusy: Bool {
    if case .busy = state { true } else { false }
  }

  /// What became of events since this was asked last.
  mutating func takeFindings() -> StreamFindings {
    defer { findings = StreamFindings() }
    return findings
  }

  /// The next events came out of the archive.
  mutating func arrived(_ events: some Sequence<QueuedEvent>) {
    for event in events {
      summary.lastArrived = max(summary.lastArrived, event.event.number)
      queue.append(event)
    }
    if state == .ended { leaveRest() }
  }

  /// What is to be done now; nil when nothing is, or something is under way.
  mutating func nextStep() -> StreamStep? {
    switch state {
    case .busy, .ended: return nil
    case .unknown(let before):
      guard !queue.isEmpty else { return nil }
      return begin(.readHead, knowing: before)
    case .doubting(let batch, let head): return begin(.compare(batch), knowing: head)
    case .rejecting(let reason, let head):
      guard let next = queue.first?.event else { return nil }
      return begin(.reject(next, reason: reason), knowing: head)
    case .restoring(let head): return continued(after: head)
    }
  }

  private mutating func continued(after head: TargetHead) -> StreamStep? {
    guard let next = queue.first?.event else { return nil }
    if next.number <= head.last { return begin(proof(upTo: head.last), knowing: head) }
    guard next.number == head.last + 1 else {
      refuse(after: head)
      return nil
    }
    let weight = ProposedEvent(next).weightInBytes
    guard weight <= limits.maximumEventBytes else {
      let reason = "it has \(weight) bytes, and the target takes \(limits.maximumEventBytes)"
      return begin(.reject(next, reason: reason), knowing: head)
    }
    return begin(.append(queue.takeBatch(upTo: .max, limits, maximumEvents)), knowing: head)
  }

  private mutating func begin(_ step: StreamStep, knowing head: TargetHead?) -> StreamStep {
    state = .busy(step, head)
    return step
  }

  private mutating func proof(upTo last: EventNumber) -> StreamStep {
    let batch = queue.takeBatch(upTo: last, limits, limits.maximumEvents)
    let isTooLarge = batch.events.contains { ProposedEvent($0.event).weightInBytes > limits.maximumEventBytes }
    return isDryRun || isTooLarge ? .compare(batch) : .prove(batch)
  }

  // MARK: Answers

  /// What came of the step under way.
  ///
  /// - Throws: `unexpectedAnswer` when going on could lose or double events.
  mutating func answered(_ answer: StreamAnswer) throws(ReplicationError) {
    guard case .busy(let step, let head) = state else { return }
    switch (step, answer) {
    case (.readHead, .head(let head)): try sawHead(head)
    case (.prove(let batch), .appended(let result)):
      try check(result, batch)
      settle(batch, \.alreadyThere)
      state = .restoring(head ?? TargetHead(last: batch.last))
    case (.append(let batch), .appended(let result)):
      try check(result, batch)
      settle(batch, \.appended)
      findings.payloadBytes += batch.payloadBytes
      contradictions = 0
      state = .restoring(TargetHead(last: batch.last))
    case (.compare(let batch), .visible(let ids)): compared(batch, with: ids, head ?? TargetHead(last: batch.last))
    case (.reject(let event, let reason), .rejected): rejected(event, reason)
    case (_, .refused(let refusal, let error)): try refused(step, refusal, error, head)
    case (_, .head), (_, .appended), (_, .visible), (_, .rejected):
      throw ReplicationError(.unexpectedAnswer, "stream \(stream) got an answer to another question", stream: stream)
    }
  }

  private mutating func sawHead(_ head: TargetHead) throws(ReplicationError) {
    if case .busy(_, let before?) = state, before.last == head.last {
      contradictions += 1
      guard contradictions < Self.maximumContradictions else {
        throw ReplicationError(
          .unexpectedAnswer,
          "stream \(stream) ends at \(head.last), and the target refuses to append after it: wrong expected version",
          stream: stream, hint: "another program may write to the stream; run the same command again")
      }
    }
    summary.saw(head)
    guard !head.isHardDeleted else {
      return end(.conflict, .hardDeletedOnTarget, "it is deleted for ever on the target")
    }
    if let shape, !shape.fits(after: head.last) { return refuse(after: head) }
    if head.isSoftDeleted, let event = queue.first, event.event.number == 0 {
      // Appending it with "no stream" would write it again if it were another one: a soft-deleted stream takes that.
      summary.setAside = event.event
      findings.settledFrames.append(event.frame)
      queue.removeFirst()
    }
    state = .restoring(head)
  }

  private func check(_ result: AppendResult, _ batch: AppendBatch) throws(ReplicationError) {
    guard result.firstEventNumber == batch.first, result.lastEventNumber == batch.last else {
      throw ReplicationError(
        .unexpectedAnswer,
        "events \(batch.first) to \(batch.last) of stream \(stream) came back as \(result.firstEventNumber) to "
          + "\(result.lastEventNumber)", stream: stream)
    }
  }

  private mutating func settle(_ batch: AppendBatch, _ count: WritableKeyPath<StreamFindings, Int>) {
    findings[keyPath: count] += batch.events.count
    findings.settledFrames += batch.events.map(\.frame)
    if count == \.appended { summary.appended += batch.events.count }
    if count == \.alreadyThere { summary.proven += batch.events.count }
    summary.settled(through: batch.last)
  }

  private mutating func compared(_ batch: AppendBatch, with ids: [EventNumber: EventID], _ head: TargetHead) {
    for (index, queued) in batch.events.enumerated() {
      let number = queued.event.number
      switch ids[number] {
      case nil: sawGone(number)
      case queued.event.id:
        findings.alreadyThere += 1
        summary.proven += 1
      case let other?:
        queue.putBack(batch.events[index...])
        return end(
          .conflict, .differentEvent, "the target has event \(other), the archive has \(queued.event.id)",
          number: number)
      }
      findings.settledFrames.append(queued.frame)
      summary.settled(through: number)
    }
    state = .restoring(head)
  }

  private mutating func sawGone(_ number: EventNumber) {
    findings.unproven += 1
    summary.unproven += 1
    // A dry run only reads, and what cannot be read may still be proven by the restore itself.
    guard summary.unproven == 1, !isDryRun else { return }
    findings.issues.append(
      RestoreReport.Issue(
        kind: .unproven, stream: stream.description, number: number,
        detail: "it is gone on the target, so nobody can tell whether it was the same"))
  }

  private mutating func rejected(_ event: RecordedEvent, _ reason: String) {
    if let queued = queue.removeFirst() { findings.settledFrames.append(queued.frame) }
    findings.rejected += 1
    end(.cutShort, .rejected, reason, number: event.number)
  }

  // MARK: Refusals

  private mutating func refused(
    _ step: StreamStep, _ refusal: StreamRefusal, _ error: EventStoreError, _ head: TargetHead?
  ) throws(ReplicationError) {
    switch (step, refusal) {
    case (.prove(let batch), .wrongVersion), (.prove(let batch), .unacceptable):
      state = .doubting(batch, head ?? TargetHead(last: batch.last))
      return
    case (.append(let batch), _), (.prove(let batch), _), (.compare(let batch), _): queue.putBack(batch.events)
    case (.readHead, _), (.reject, _): break
    }
    switch (step, refusal) {
    case (_, .hardDeleted): end(.conflict, .hardDeletedOnTarget, "it is deleted for ever on the target")
    case (_, .denied): end(.denied, .accessDenied, error.message)
    case (.append, .wrongVersion): state = .unknown(appendedBefore: head)
    case (.append(let batch), .unacceptable):
      let head = head ?? TargetHead(last: batch.first - 1)
      // One of them is to blame: find it by halves.
      maximumEvents = max(batch.events.count / 2, 1)
      state = batch.events.count > 1 ? .restoring(head) : .rejecting("\(error)", head)
    case (.readHead, _), (.prove, _), (.compare, _), (.reject, _):
      throw ReplicationError(
        .unexpectedAnswer, "the target answered a question about stream \(stream) strangely", stream: stream,
        cause: "\(error)")
    }
  }

  // MARK: Endings

  private mutating func end(
    _ ending: StreamEnding, _ kind: RestoreReport.Issue.Kind, _ detail: String, number: EventNumber? = nil
  ) {
    summary.ending = ending
    state = .ended
    findings.issues.append(
      RestoreReport.Issue(kind: kind, stream: stream.description, number: number, detail: detail))
    leaveRest()
  }

  private mutating func refuse(after head: TargetHead) {
    let next = shape?.firstBeyondHole(after: head.last) ?? queue.first?.event.number
    end(
      .refused, .numbersWouldChange,
      head.last < 0
        ? "the archive does not hold the events right before this one, and a new stream begins at 0"
        : "the archive does not hold the events right before this one, and the target's stream ends at \(head.last)",
      number: next)
  }

  private mutating func leaveRest() {
    let rest = queue.removeAll()
    findings.notWritten += rest.count
    findings.settledFrames += rest.map(\.frame)
  }
}
