import EventStoreCore

/// What an expected version and the ids of the events mean for a stream, before anything is written.
enum WriteDecision: Equatable {
  /// The events are to be written after `last`; `recreates` when the stream is soft-deleted.
  case write(after: EventNumber, recreates: Bool)
  /// The events are there already, under these numbers.
  case repeated(first: EventNumber, last: EventNumber)
  /// The stream is not at the expected version, or has only some of the events.
  case wrongExpectedVersion(current: EventNumber)
  /// The stream is hard-deleted; or soft-deleted, and expected to exist.
  case streamDeleted
}
