public import EventStoreCore
internal import EventStoreTCP

extension EventStoreClient {
  /// Deletes a stream softly: its events can no longer be read, and it can be written again, with the numbers going on.
  ///
  /// A server recognises no repeat, so after a lost connection this throws `connectionLost`: the stream may be deleted or not.
  ///
  /// ```swift
  /// try await client.delete("ponies", expectedVersion: .exactly(2))
  /// ```
  /// - Throws: `wrongExpectedVersion`, `streamDeleted`, `accessDenied`, `invalidArgument`, also for `streamExists`, and those of
  ///   the connection.
  public func delete(_ stream: StreamName, expectedVersion: ExpectedVersion = .any) async throws {
    try await tcp.delete(stream, expected: expectedVersion, hard: false)
  }

  /// Deletes a stream for ever: its name can never be written again.
  ///
  /// ```swift
  /// try await client.tombstone("ponies", expectedVersion: .exactly(2))
  /// ```
  /// - Throws: as `delete`.
  public func tombstone(_ stream: StreamName, expectedVersion: ExpectedVersion = .any) async throws {
    try await tcp.delete(stream, expected: expectedVersion, hard: true)
  }
}
