import EventStoreCore

/// Puts events that come one by one into batches, of which one at a time is written.
///
/// Without I/O and time: each method takes what happened. While a batch waits to be written or is being written, one event
/// more is taken, and no other may come before the batch was written.
struct PublishBatchStateMachine: Sendable {
  /// What the writer does next.
  enum Delivery: Hashable, Sendable {
    /// Wait: there is no event.
    case nothing
    /// Wait for more events, though not for long.
    case waiting
    /// Write these, and report `batchWritten`.
    case batch([ProposedEvent])
    /// All is written, and no more will come.
    case end
  }

  private enum State {
    /// The batch takes events.
    case filling
    /// The batch waits for its writer.
    case due
    /// The writer has the batch.
    case writing
  }

  private var state = State.filling
  private var batch: [ProposedEvent] = []
  private var batchBytes = 0
  /// The event that did not fit.
  private var held: ProposedEvent?
  private var isFinished = false
  private let limits: PublishBatches

  init(_ limits: PublishBatches) {
    self.limits = limits
  }

  /// Whether the sequence may be asked for an event.
  var wantsEvent: Bool {
    switch state {
    case .filling: true
    case .due, .writing: false
    }
  }

  /// Whether there is something for the writer to do, or to wait a little for.
  var hasNews: Bool {
    switch state {
    case .filling: !batch.isEmpty || isFinished
    case .due: true
    case .writing: false
    }
  }

  /// Whether there is nothing more to wait for.
  var isDue: Bool {
    switch state {
    case .filling: isFinished
    case .due: true
    case .writing: false
    }
  }

  /// The sequence gave an event.
  mutating func eventCame(_ event: ProposedEvent) {
    switch state {
    case .filling:
      guard batch.isEmpty || batchBytes + event.weightInBytes <= limits.maximumBytes else {
        held = event
        state = .due
        return
      }
      add(event)
    case .due, .writing:
      // It was asked for before the batch became due.
      held = event
    }
  }

  /// The batch has waited long enough for more.
  mutating func delayPassed() {
    guard case .filling = state, !batch.isEmpty else { return }
    state = .due
  }

  /// The sequence has ended.
  mutating func finished() {
    isFinished = true
  }

  /// The writer asks what to do.
  mutating func nextBatch() -> Delivery {
    switch state {
    case .filling:
      if batch.isEmpty { return isFinished ? .end : .nothing }
      return isFinished ? take() : .waiting
    case .due: return take()
    case .writing: return .nothing
    }
  }

  /// The batch was written.
  mutating func batchWritten() {
    guard case .writing = state else { return }
    state = .filling
    guard let event = held else { return }
    held = nil
    add(event)
  }

  private mutating func add(_ event: ProposedEvent) {
    batch.append(event)
    batchBytes += event.weightInBytes
    if batch.count >= limits.maximumEvents || batchBytes >= limits.maximumBytes { state = .due }
  }

  private mutating func take() -> Delivery {
    defer {
      batch = []
      batchBytes = 0
      state = .writing
    }
    return .batch(batch)
  }
}
