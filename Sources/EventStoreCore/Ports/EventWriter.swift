/// A place that events are written to: a server behind one of its protocols.
///
/// Calls may run concurrently; two appends to one stream must not. Each throws `EventStoreError`, or `CancellationError`,
/// within a bounded time. An append with an exact expected version, `noStream` included, is sent again after a lost
/// connection, because the server recognises it; one without is not, and throws `connectionLost`. So does a delete, which
/// no server recognises: whether it was carried out is to be read.
package protocol EventWriter: Sendable {
  /// What this server takes.
  var limits: WriteLimits { get async }

  /// Appends events to a stream, all or none.
  ///
  /// - Throws: `wrongExpectedVersion` (with the true last number as `currentVersion` where the server tells it),
  ///   `streamDeleted`, `accessDenied`, `eventTooLarge`, and those of the connection.
  func append(
    _ events: [ProposedEvent], to stream: StreamName, expected: ExpectedVersion
  ) async throws -> AppendResult

  /// Deletes a stream: soft (it can be written again), or hard (its name is spent for ever).
  /// - Throws: as `append`.
  func delete(_ stream: StreamName, expected: ExpectedVersion, hard: Bool) async throws
}

/// The largest things that a server takes.
package struct WriteLimits: Hashable, Sendable {
  /// Of one event, as `ProposedEvent.weightInBytes` counts.
  package var maximumEventBytes: Int
  /// Of one append, all its events together.
  package var maximumAppendBytes: Int
  /// How many events one append should have at most.
  package var maximumAppendEvents: Int

  package init(maximumEventBytes: Int, maximumAppendBytes: Int, maximumAppendEvents: Int) {
    self.maximumEventBytes = maximumEventBytes
    self.maximumAppendBytes = maximumAppendBytes
    self.maximumAppendEvents = maximumAppendEvents
  }
}
