import EventStoreCore

/// Decides how one stream's archived events come to the target: what is proven, what is appended, and when to stop.
///
/// What the target has already, up to its last number when the run came to the stream, is proven by appending it again with its
/// original expected version; the server recognises ids, however old. If it does not, the events that can be read are
/// compared: another id is a conflict, and events that are gone are unproven. What the target does not have is appended
/// with the exact expected version. With strict numbers a stream whose numbers would change is refused untouched;
/// else events are numbered anew, or holes are filled.
///
/// A conversation: `nextStep()` says what to do, `answered(_:)` what came of it, one step at a time. Events may arrive at
/// any moment, in the order of their numbers.
struct StreamRestoreStateMachine: Sendable {
  private enum State: Hashable {
    /// Nobody has looked at the target, or what was seen when an append was refused is out of date.
    case unknown(TargetHead?)
    /// The head is known, and nothing is under way.
    case restoring(TargetHead)
    /// The target did not recognise a batch that it should have.
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

  /// The stream, by its name on the target.
  let stream: StreamName
  private let shape: StreamShape?
  private let rules: StreamRules
  private var state = State.unknown(nil)
  private var queue = EventQueue()
  private var findings = StreamFindings()
  /// The number that the queue's first event gets, where events are numbered anew.
  private var ordinal: EventNumber = 0
  private var maximumEvents: Int
  /// Why the target refuses a single event that it may have already, where numbers are made anew.
  private var doubt: String?
  private var contradictions = 0
  /// What has become of the stream so far.
  private(set) var summary = StreamRestoreSummary()

  /// - Parameters:
  ///   - stream: The stream, by its name on the target.
  ///   - shape: Which numbers the restore takes from the archive; nil for all from 0 on.
  init(_ stream: StreamName, shape: StreamShape? = nil, rules: StreamRules) {
    self.stream = stream
    self.shape = shape
    self.rules = rules
    maximumEvents = rules.limits.maximumEvents
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
      summary.lastArrived = rules.numbers == .renumber ? summary.lastArrived + 1 : event.event.number
      queue.append(event)
    }
    if state == .ended { leaveRest() }
  }

  /// What is to be done now; nil when nothing is, or something is under way.
  mutating func nextStep() -> StreamStep? {
    let known: TargetHead?
    let step: StreamStep?
    switch state {
    case .busy, .ended: return nil
    case .unknown(let before): (step, known) = (queue.isEmpty ? nil : .readHead, before)
    case .doubting(let batch, let head): (step, known) = (.compare(batch), head)
    case .rejecting(let reason, let head): (step, known) = (queue.first.map { .reject($0.event, reason: reason) }, head)
    case .restoring(let head): (step, known) = (continued(after: head), head)
    }
    if let step { state = .busy(step, known) }
    return step
  }

  private mutating func continued(after head: TargetHead) -> StreamStep? {
    guard let next = queue.first else { return nil }
    let number = number(of: next)
    let weight = next.proposed.weightInBytes
    let isTooLarge = weight > rules.limits.maximumEventBytes
    // Where numbers are made anew, what is rejected must be known before what follows is numbered.
    if isTooLarge, number > head.last || rules.numbers == .renumber {
      let limit = rules.limits.maximumEventBytes
      return .reject(next.event, reason: "it has \(weight) bytes, and the target takes \(limit)")
    }
    if number <= head.last {
      let batch = take(atMost: Int(clamping: min(EventNumber(maximumEvents), head.last - number + 1)))
      return rules.isDryRun || isTooLarge ? .compare(batch) : .prove(batch)
    }
    if number == head.last + 1 { return .append(take(atMost: maximumEvents)) }
    guard rules.numbers == .preserve else {
      refuse(after: head)
      return nil
    }
    let count = min(EventNumber(rules.limits.maximumEvents), number - head.last - 1)
    let fillers = (1...count).map { rules.fillers.filler(head.last + $0, of: stream) }
    return .fill(AppendBatch(first: head.last + 1, events: fillers))
  }

  private func number(of next: QueuedEvent) -> EventNumber {
    rules.numbers == .renumber ? ordinal : next.event.number
  }

  private mutating func take(atMost count: Int) -> AppendBatch {
    let first = queue.first.map { number(of: $0) } ?? ordinal
    let events = queue.take(isContinued: rules.numbers != .renumber, atMost: count, rules.limits)
    ordinal += EventNumber(events.count)
    return AppendBatch(first: first, events: events)
  }

  private mutating func putBack(_ events: some Collection<QueuedEvent>) {
    queue.putBack(events)
    ordinal -= EventNumber(events.count)
  }

  // MARK: Answers

  /// What came of the step under way.
  ///
  /// - Throws: `unexpectedAnswer` when going on could lose or double events.
  mutating func answered(_ answer: StreamAnswer) throws(ReplicationError) {
    guard case .busy(let step, let known) = state else { return }
    switch (step, answer) {
    case (.readHead, .head(let head)): try sawHead(head, after: known)
    case (.prove(let batch), .appended(let result)), (.append(let batch), .appended(let result)),
      (.fill(let batch), .appended(let result)):
      try check(result, batch)
      wrote(batch, step, known)
    case (.compare(let batch), .visible(let ids)): compared(batch, with: ids, known ?? TargetHead(last: batch.last))
    case (.reject(let event, let reason), .rejected): rejected(event, reason, known)
    case (_, .refused(let refusal, let error)): try refused(step, refusal, error, known)
    case (_, .head), (_, .appended), (_, .visible), (_, .rejected):
      throw ReplicationError(.unexpectedAnswer, "stream \(stream) got an answer to another question", stream: stream)
    }
  }

  private mutating func sawHead(_ head: TargetHead, after known: TargetHead?) throws(ReplicationError) {
    contradictions = known?.last == head.last ? contradictions + 1 : 0
    guard contradictions < Self.maximumContradictions else {
      throw ReplicationError(
        .unexpectedAnswer,
        "stream \(stream) ends at \(head.last), and the target refuses to append after it: wrong expected version",
        stream: stream, hint: "another program may write to the stream; run the same command again")
    }
    summary.saw(head)
    if head.isHardDeleted { return sawTombstone() }
    guard fits(head) else { return refuse(after: head) }
    if head.isSoftDeleted, let event = queue.first, number(of: event) == 0 {
      // Appending it with "no stream" would write it again if it were another one: a soft-deleted stream takes that.
      summary.setAside = event
      findings.settledFrames += [event.frame].compactMap(\.self)
      queue.removeFirst()
      ordinal += 1
    }
    state = .restoring(head)
  }

  private func fits(_ head: TargetHead) -> Bool {
    guard let shape else { return true }
    return switch rules.numbers {
    case .strict: shape.fits(after: head.last)
    case .renumber: true
    case .preserve: shape.holes(after: head.last) <= rules.fillers.maximum
    }
  }

  private func check(_ result: AppendResult, _ batch: AppendBatch) throws(ReplicationError) {
    guard result.firstEventNumber == batch.first, result.lastEventNumber == batch.last else {
      throw ReplicationError(
        .unexpectedAnswer,
        "events \(batch.first) to \(batch.last) of stream \(stream) came back as \(result.firstEventNumber) to "
          + "\(result.lastEventNumber)", stream: stream)
    }
  }

  private mutating func wrote(_ batch: AppendBatch, _ step: StreamStep, _ known: TargetHead?) {
    let fillers = batch.events.count(where: \.isFiller)
    let events = batch.events.count - fillers
    if case .prove = step {
      findings.alreadyThere += events
      summary.proven += events
      state = .restoring(known ?? TargetHead(last: batch.last))
    } else {
      findings.appended += events
      findings.fillers += fillers
      findings.payloadBytes += batch.payloadBytes
      summary.appended += batch.events.count
      state = .restoring(TargetHead(last: batch.last))
    }
    findings.settledFrames += batch.events.compactMap(\.frame)
    summary.settled(through: batch.last)
  }

  private mutating func compared(_ batch: AppendBatch, with ids: [EventNumber: EventID], _ head: TargetHead) {
    let doubt = self.doubt
    (self.doubt, maximumEvents) = (nil, rules.limits.maximumEvents)
    for (offset, queued) in batch.events.enumerated() {
      let number = batch.first + EventNumber(offset)
      switch ids[number] {
      case let id where id != queued.event.id && doubt != nil:
        putBack(batch.events)
        state = .rejecting(doubt ?? "", head)
        return
      case nil: sawGone(number)
      case queued.event.id:
        findings.alreadyThere += queued.isFiller ? 0 : 1
        summary.proven += 1
      case rules.fillers.id(number, of: stream) where rules.numbers == .preserve:
        putBack(batch.events[offset...])
        state = .rejecting("the target has a filler in its place: it was rejected before", head)
        return
      case let other?:
        putBack(batch.events[offset...])
        return end(
          .conflict, .differentEvent, "the target has event \(other), the archive has \(queued.event.id)",
          number: number)
      }
      findings.settledFrames += [queued.frame].compactMap(\.self)
      summary.settled(through: number)
    }
    state = .restoring(head)
  }

  private mutating func sawGone(_ number: EventNumber) {
    findings.unproven += 1
    summary.unproven += 1
    // A dry run only reads, and what cannot be read may still be proven by the restore itself.
    guard summary.unproven == 1, !rules.isDryRun else { return }
    note(.unproven, "it is gone on the target, so nobody can tell whether it was the same", number: number)
  }

  private mutating func sawRejected(_ number: EventNumber, _ reason: String) {
    findings.rejected += 1
    note(.rejected, reason, number: number)
  }

  private mutating func rejected(_ event: RecordedEvent, _ reason: String, _ known: TargetHead?) {
    let removed = queue.removeFirst()
    findings.settledFrames += [removed?.frame].compactMap(\.self)
    maximumEvents = rules.limits.maximumEvents
    let head = known ?? TargetHead(last: event.number - 1)
    switch rules.numbers {
    case .strict:
      findings.rejected += 1
      end(.cutShort, .rejected, reason, number: event.number)
    case .renumber:
      sawRejected(event.number, reason)
      summary.lastArrived -= 1
      if let removed, removed.proposed.weightInBytes <= rules.limits.maximumEventBytes { summary.closedUp += 1 }
      state = .restoring(head)
    case .preserve:
      sawRejected(event.number, reason)
      queue.putBack([rules.fillers.filler(event.number, of: stream)])
      state = .restoring(head)
    }
  }

  // MARK: Refusals

  private mutating func refused(
    _ step: StreamStep, _ refusal: StreamRefusal, _ error: EventStoreError, _ known: TargetHead?
  ) throws(ReplicationError) {
    switch (step, refusal) {
    case (.prove(let batch), .unacceptable) where rules.numbers == .renumber && batch.events.count > 1:
      // An event that was refused before has no number on the target, and those after it have moved up: find it by halves.
      putBack(batch.events)
      maximumEvents = max(batch.events.count / 2, 1)
      state = .restoring(known ?? TargetHead(last: batch.last))
      return
    case (.prove(let batch), .wrongVersion), (.prove(let batch), .unacceptable):
      doubt = refusal == .unacceptable && rules.numbers == .renumber ? "\(error)" : nil
      state = .doubting(batch, known ?? TargetHead(last: batch.last))
      return
    case (.append(let batch), _), (.prove(let batch), _), (.compare(let batch), _): putBack(batch.events)
    case (.readHead, _), (.reject, _), (.fill, _): break
    }
    switch (step, refusal) {
    case (_, .hardDeleted): sawTombstone()
    case (_, .denied): end(.denied, .accessDenied, error.message)
    case (.append, .wrongVersion), (.fill, .wrongVersion): state = .unknown(known)
    case (.append(let batch), .unacceptable):
      let head = known ?? TargetHead(last: batch.first - 1)
      // One of them is to blame: find it by halves.
      maximumEvents = max(batch.events.count / 2, 1)
      state = batch.events.count > 1 ? .restoring(head) : .rejecting("\(error)", head)
    case (.readHead, _), (.prove, _), (.compare, _), (.reject, _), (.fill, _):
      throw ReplicationError(
        .unexpectedAnswer, "the target answered a question about stream \(stream) strangely", stream: stream,
        cause: "\(error)")
    }
  }

  // MARK: Endings

  private mutating func sawTombstone() {
    guard rules.expectsTombstone else {
      return end(.conflict, .hardDeletedOnTarget, "it is deleted for ever on the target")
    }
    summary.ending = .deleted
    state = .ended
    leaveRest()
  }

  private mutating func refuse(after head: TargetHead) {
    let next = shape?.firstBeyondHole(after: head.last) ?? queue.first?.event.number
    if rules.numbers == .preserve, let holes = shape?.holes(after: head.last) {
      let limit = rules.fillers.maximum
      return end(.refused, .numbersWouldChange, "it would take \(holes) fillers, more than \(limit)", number: next)
    }
    end(
      .refused, .numbersWouldChange,
      head.last < 0
        ? "the archive does not hold the events right before this one, and a new stream begins at 0"
        : "the archive does not hold the events right before this one, and the target's stream ends at \(head.last)",
      number: next)
  }

  private mutating func end(
    _ ending: StreamEnding, _ kind: RestoreReport.Issue.Kind, _ detail: String, number: EventNumber? = nil
  ) {
    summary.ending = ending
    state = .ended
    note(kind, detail, number: number)
    leaveRest()
  }

  private mutating func note(_ kind: RestoreReport.Issue.Kind, _ detail: String, number: EventNumber?) {
    findings.issues.append(
      RestoreReport.Issue(kind: kind, stream: stream.description, number: number, detail: detail))
  }

  private mutating func leaveRest() {
    let rest = queue.removeAll()
    let events = rest.count { !$0.isFiller }
    if summary.ending == .deleted { findings.deleted += events } else { findings.notWritten += events }
    findings.settledFrames += rest.compactMap(\.frame)
  }
}
