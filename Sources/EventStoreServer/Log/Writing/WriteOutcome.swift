package import EventStoreCore

/// What became of an append, of the commit of a transaction, or of a delete.
package enum WriteOutcome: Hashable, Sendable {
  /// It was written: the numbers of the first and the last event, and the position of the last.
  ///
  /// Without events `first` is one more than `last`, the stream's last number.
  case written(first: EventNumber, last: EventNumber, position: Position)
  /// It had been written before, under these numbers; nothing was written now.
  case repeated(first: EventNumber, last: EventNumber)
  /// The stream was not at the expected version; its true last number, -1 when it has no events.
  case wrongExpectedVersion(current: EventNumber)
  /// The stream is hard-deleted; or soft-deleted, and expected to exist.
  case streamDeleted
  /// The user may not do this, or there is no such transaction.
  case accessDenied
}
