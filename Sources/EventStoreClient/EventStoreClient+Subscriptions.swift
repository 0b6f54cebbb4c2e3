public import EventStoreCore

extension EventStoreClient {
  /// Follows `$all` from the first event after `position`: history, then live, each event once and in order.
  ///
  /// Survives lost connections. `Position.end` follows what is written from now on.
  /// - Parameter pageSize: how many events a read asks for, 1 to 4095.
  /// - Throws: `accessDenied`, and those of the connection.
  public func catchUpAll(
    after position: Position = .start, resolveLinks: Bool = false, pageSize: Int = 500
  ) async throws -> CatchUpSubscription {
    CatchUpSubscription(
      try await connection.catchUpAll(after: position, resolveLinks: resolveLinks, pageSize: pageSize))
  }

  /// Follows a stream from the first event after `number`, nil for its beginning: history, then live, each once and in order.
  ///
  /// Survives lost connections. A stream that does not exist yet is waited for.
  /// - Parameter pageSize: how many events a read asks for, 1 to 4095.
  /// - Throws: `streamDeleted`, `accessDenied`, and those of the connection.
  public func catchUp(
    _ stream: StreamName, after number: EventNumber? = nil, resolveLinks: Bool = false, pageSize: Int = 500
  ) async throws -> CatchUpSubscription {
    CatchUpSubscription(
      try await connection.catchUp(stream, after: number, resolveLinks: resolveLinks, pageSize: pageSize))
  }
}
