public import EventStoreCore

extension EventStoreClient {
  /// Appends events to a stream, all or none.
  ///
  /// An append with an exact expected version, `noStream` included, is sent again after a lost connection: the server
  /// recognises its events by their ids. One with `any` or `streamExists` is not, and throws `connectionLost`.
  /// - Throws: `wrongExpectedVersion`, `streamDeleted`, `accessDenied`, `eventTooLarge`, `invalidArgument`, and those of the
  ///   connection.
  @discardableResult
  public func append(
    _ events: [ProposedEvent], to stream: StreamName, expected: ExpectedVersion
  ) async throws -> AppendResult {
    try await connection.append(events, to: stream, expected: expected)
  }

  /// Deletes a stream: soft (it can be written again), or hard (its name is spent for ever).
  /// - Throws: as `append`.
  public func delete(_ stream: StreamName, expected: ExpectedVersion, hard: Bool = false) async throws {
    try await connection.delete(stream, expected: expected, hard: hard)
  }

  /// Replaces a stream's metadata by this JSON text.
  /// - Parameter expected: the version of the metadata, not of the stream.
  /// - Throws: as `append`.
  @discardableResult
  public func setMetadata(
    _ json: Bytes, of stream: StreamName, expected: ExpectedVersion = .any
  ) async throws -> AppendResult {
    let event = ProposedEvent(type: .streamMetadata, isJSON: true, data: json)
    return try await append([event], to: stream.metadataStream, expected: expected)
  }
}
