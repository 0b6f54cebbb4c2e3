import EventStoreCore

/// What one stream's restore wants done next.
enum StreamStep: Hashable, Sendable {
  /// Look where the stream ends on the target.
  case readHead
  /// Append events that the target should have, with the expected version they had at first: a repeat is recognised.
  case prove(AppendBatch)
  /// Read the events of these numbers from the target, as far as they can still be read.
  case compare(AppendBatch)
  /// Append events that the target does not have.
  case append(AppendBatch)
  /// Append fillers, which the archive does not have.
  case fill(AppendBatch)
  /// Keep an event that the target does not take.
  case reject(RecordedEvent, reason: String)
}

/// What came of a step.
enum StreamAnswer: Sendable {
  /// After `readHead`.
  case head(TargetHead)
  /// After `prove`, `append` and `fill`.
  case appended(AppendResult)
  /// After `compare`: the ids of the events that can be read, by number.
  case visible([EventNumber: EventID])
  /// After `reject`.
  case rejected
  /// The target did not do it.
  case refused(StreamRefusal, EventStoreError)
}

/// Why a target did not do what one stream's restore wanted; other failures are not about the stream, and end the run.
enum StreamRefusal: Hashable, Sendable {
  /// The stream is not at the expected version.
  case wrongVersion
  /// The stream is hard-deleted.
  case hardDeleted
  /// The user may not.
  case denied
  /// The events are such that the target does not take them.
  case unacceptable

  init?(_ error: EventStoreError) {
    switch error.code {
    case .wrongExpectedVersion: self = .wrongVersion
    case .streamDeleted: self = .hardDeleted
    case .accessDenied: self = .denied
    case .eventTooLarge, .frameTooLarge, .badRequest, .invalidArgument: self = .unacceptable
    case .notAuthenticated, .streamNotFound, .eventNotFound, .invalidTransaction, .serverError, .notReady, .notLeader,
      .readOnly, .timedOut, .connectionLost, .unreachable, .tlsFailed, .discoveryFailed, .clientClosed,
      .subscriptionDropped, .subscriptionExists, .subscriptionNotFound, .tooManyConsumers, .unreadableData,
      .protocolViolation,
      .invalidConnectionString:
      return nil
    }
  }
}
