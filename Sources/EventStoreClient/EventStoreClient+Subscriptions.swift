public import EventStoreCore
import EventStoreTCP

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

  /// Follows the events of `$all` that a filter wants, from the first after `position`: history, then live, each once and in
  /// order.
  ///
  /// Servers from 20.6 on choose the events; from older ones all events come, and they are chosen here.
  ///
  /// ```swift
  /// let orders = try await client.catchUpAll(.streams(beginningWith: "order-"))
  /// for try await resolved in orders { print(resolved.event?.type ?? "a dead link") }
  /// ```
  /// - Parameter pageSize: how many events a read asks for, 1 to 4095.
  /// - Throws: `invalidArgument` for a filter that makes no sense, `accessDenied`, and those of the connection.
  public func catchUpAll(
    _ filter: AllFilter, after position: Position = .start, resolveLinks: Bool = false, pageSize: Int = 500
  ) async throws -> CatchUpSubscription {
    CatchUpSubscription(
      try await tcp.catchUpAll(filter, after: position, resolveLinks: resolveLinks, pageSize: pageSize))
  }
}
