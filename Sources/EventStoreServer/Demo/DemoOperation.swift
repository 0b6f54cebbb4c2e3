package import EventStoreCore

/// One thing that happens to a demo server.
package enum DemoOperation: Hashable, Sendable {
  /// Events are appended to a stream, whatever its version.
  case append(StreamName, [ProposedEvent], at: Timestamp)
  /// A stream is soft-deleted; the server writes one `$metadata` event.
  case softDelete(StreamName, at: Timestamp)
  /// A stream is hard-deleted; the server writes one `$streamDeleted` event.
  case hardDelete(StreamName, at: Timestamp)
}
