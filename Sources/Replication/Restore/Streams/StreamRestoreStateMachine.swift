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
  private let check: NumberCheck
  private let rules: StreamRules
  private var state = State.unknown(nil)
  private var queue: NumberedQueue
  private var ledger: StreamLedger
  /// Why the target refuses a single event that it may have already, where numbers are made anew.
  private var doubt: String?
  private var contradictions = 0

  /// - Parameters:
  ///   - stream: The stream, by its name on the target.
  ///   - shape: Which numbers the restore takes from the archive; nil for all from 0 on.
  init(_ stream: StreamName, shape: StreamShape? = nil, rules: StreamRules) {
    self.stream = stream
    self.rules = rules
    check = NumberCheck(shape, rules)
    queue = NumberedQueue(rules)
    ledger = StreamLedger(stream, isDryRun: rules.isDryRun)
  }

  /// What has become of the stream so far.
  var summary: StreamRestoreSummary { ledger.summary }

  /// Whether a step is under way.
  var isBusy: Bool {
    if case .busy = state { true } else { false }
  }

  /// What became of events since this was asked last.
  mutating func takeFindings() -> StreamFindings {
    ledger.takeFindings()
  }

  /// The next events came out of the archive.
  mutating func arrived(_ events: some Sequence<QueuedEvent>) {
    for event in events {
      ledger.arrived(rules.numbers == .renumber ? nil : event.event.number)
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
    guard let next = queue.first, let number = queue.firstNumber else { return nil }
    let weight = next.proposed.weightInBytes
    let isTooLarge = weight > rules.limits.maximumEventBytes
    // Where numbers are made anew, what is rejected must be known before what follows is numbered.
    if isTooLarge, number > head.last || rules.numbers == .renumber {
      let limit = rules.limits.maximumEventBytes
      return .reject(next.event, reason: "it has \(weight) bytes, and the target takes \(limit)")
    }
    if number <= head.last {
      let batch = queue.take(through: head.last)
      return rules.isDryRun || isTooLarge ? .compare(batch) : .prove(batch)
    }
    if number == head.last + 1 { return .append(queue.take()) }
    guard rules.numbers == .preserve else {
      refuse(after: head)
      return nil
    }
    let count = min(EventNumber(rules.limits.maximumEvents), number - head.last - 1)
    let fillers = (1...count).map { rules.fillers.filler(head.last + $0, of: stream) }
    return .fill(AppendBatch(first: head.last + 1, events: fillers))
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
      guard result.firstEventNumber == batch.first, result.lastEventNumber == batch.last else {
        throw .otherNumbers(stream, batch, result)
      }
      wrote(batch, step, known)
    case (.compare(let batch), .visible(let ids)): compared(batch, with: ids, known ?? TargetHead(last: batch.last))
    case (.reject(let event, let reason), .rejected): rejected(event, reason, known)
    case (_, .refused(let refusal, let error)): try refused(step, refusal, error, known)
    case (_, .head), (_, .appended), (_, .visible), (_, .rejected):
      throw .otherAnswer(stream)
    }
  }

  private mutating func sawHead(_ head: TargetHead, after known: TargetHead?) throws(ReplicationError) {
    contradictions = known?.last == head.last ? contradictions + 1 : 0
    guard contradictions < Self.maximumContradictions else { throw .contradiction(stream, head) }
    ledger.saw(head)
    if head.isHardDeleted { return sawTombstone() }
    guard check.fits(head) else { return refuse(after: head) }
    if head.isSoftDeleted, let event = queue.first, queue.firstNumber == 0 {
      // Appending it with "no stream" would write it again if it were another one: a soft-deleted stream takes that.
      ledger.setAside(event)
      queue.setFirstAside()
    }
    state = .restoring(head)
  }

  private mutating func wrote(_ batch: AppendBatch, _ step: StreamStep, _ known: TargetHead?) {
    if case .prove = step {
      ledger.proved(batch)
      state = .restoring(known ?? TargetHead(last: batch.last))
    } else {
      ledger.appended(batch)
      state = .restoring(TargetHead(last: batch.last))
    }
  }

  private mutating func compared(_ batch: AppendBatch, with ids: [EventNumber: EventID], _ head: TargetHead) {
    let doubt = self.doubt
    self.doubt = nil
    queue.widen()
    for (offset, queued) in batch.events.enumerated() {
      let number = batch.first + EventNumber(offset)
      switch ids[number] {
      case let id where id != queued.event.id && doubt != nil:
        queue.putBack(batch.events)
        state = .rejecting(doubt ?? "", head)
        return
      case nil: ledger.gone(queued, at: number)
      case queued.event.id: ledger.found(queued, at: number)
      case rules.fillers.id(number, of: stream) where rules.numbers == .preserve:
        queue.putBack(batch.events[offset...])
        state = .rejecting("the target has a filler in its place: it was rejected before", head)
        return
      case let other?:
        queue.putBack(batch.events[offset...])
        return end(
          .conflict, .differentEvent, "the target has event \(other), the archive has \(queued.event.id)",
          number: number)
      }
    }
    state = .restoring(head)
  }

  private mutating func rejected(_ event: RecordedEvent, _ reason: String, _ known: TargetHead?) {
    let removed = queue.removeFirst()
    queue.widen()
    let head = known ?? TargetHead(last: event.number - 1)
    switch rules.numbers {
    case .strict:
      ledger.rejectedLast(removed)
      end(.cutShort, .rejected, reason, number: event.number)
    case .renumber:
      ledger.rejected(removed, number: event.number, reason: reason)
      ledger.closedUp(isForSize: removed.map { $0.proposed.weightInBytes > rules.limits.maximumEventBytes } ?? true)
      state = .restoring(head)
    case .preserve:
      ledger.rejected(removed, number: event.number, reason: reason)
      queue.prepend(rules.fillers.filler(event.number, of: stream))
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
      queue.putBack(batch.events)
      queue.narrow(batch)
      state = .restoring(known ?? TargetHead(last: batch.last))
      return
    case (.prove(let batch), .wrongVersion), (.prove(let batch), .unacceptable):
      doubt = refusal == .unacceptable && rules.numbers == .renumber ? "\(error)" : nil
      state = .doubting(batch, known ?? TargetHead(last: batch.last))
      return
    case (.append(let batch), _), (.prove(let batch), _), (.compare(let batch), _): queue.putBack(batch.events)
    case (.readHead, _), (.reject, _), (.fill, _): break
    }
    switch (step, refusal) {
    case (_, .hardDeleted): sawTombstone()
    case (_, .denied): end(.denied, .accessDenied, error.message)
    case (.append, .wrongVersion), (.fill, .wrongVersion): state = .unknown(known)
    case (.append(let batch), .unacceptable):
      let head = known ?? TargetHead(last: batch.first - 1)
      queue.narrow(batch)
      state = batch.events.count > 1 ? .restoring(head) : .rejecting("\(error)", head)
    case (.readHead, _), (.prove, _), (.compare, _), (.reject, _), (.fill, _):
      throw .strangeRefusal(stream, error)
    }
  }

  // MARK: Endings

  private mutating func sawTombstone() {
    guard rules.expectsTombstone else {
      return end(.conflict, .hardDeletedOnTarget, "it is deleted for ever on the target")
    }
    ledger.ended(.deleted)
    state = .ended
    leaveRest()
  }

  private mutating func refuse(after head: TargetHead) {
    end(
      .refused, .numbersWouldChange, check.reason(head),
      number: check.firstMisfit(head) ?? queue.first?.event.number)
  }

  private mutating func end(
    _ ending: StreamEnding, _ kind: RestoreReport.Issue.Kind, _ detail: String, number: EventNumber? = nil
  ) {
    ledger.ended(ending)
    ledger.note(kind, detail, number: number)
    state = .ended
    leaveRest()
  }

  private mutating func leaveRest() {
    ledger.left(queue.removeAll())
  }
}
