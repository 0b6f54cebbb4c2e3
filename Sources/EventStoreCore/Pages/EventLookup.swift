/// What a read of one event gave.
public enum EventLookup: Hashable, Sendable {
  /// The event, or the dead link at its place.
  case found(ResolvedEvent)
  /// The stream has no such event, or not any more.
  case notFound
  /// There is no such stream, or it is soft-deleted.
  case noStream
  /// The stream is hard-deleted.
  case streamDeleted
}
