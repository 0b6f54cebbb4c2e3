public import EventStoreCore

/// A way through the events of an archive, pulled batch by batch. Not for use from several tasks at once.
public final class ArchiveCursor {
  /// The next events, one frame's at most; nil at the end.
  ///
  /// A sealed segment that is read as a whole is checked against its size and SHA-256 before its first event is given out;
  /// otherwise the index is checked against the manifest and each frame against the index.
  /// - Throws: `damaged`, and the storage's errors; every later call then throws the same.
  public func nextBatch() throws(ArchiveError) -> [RecordedEvent]? { nil }
}
