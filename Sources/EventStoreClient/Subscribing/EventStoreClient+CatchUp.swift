public import EventStoreCore
internal import EventStoreTCP

extension EventStoreClient {
  /// Follows a stream from an event on: history, then live, each event once and in order.
  ///
  /// A program that keeps the number of the last event it has processed goes on with `from: last + 1` when it starts again.
  /// Survives lost connections. A stream that does not exist yet is waited for.
  ///
  /// ```swift
  /// for try await event in try await client.catchUp("ponies", from: lastProcessed + 1) {
  ///   print(event.number, event.type)
  /// }
  /// ```
  /// - Parameters:
  ///   - number: the first event to give; `.streamEnd` for the first that is written from now on.
  ///   - batchSize: how many events a read asks for, 1 to 4095.
  /// - Throws: `streamDeleted`, `accessDenied`, `invalidArgument`, and those of the connection.
  public func catchUp(
    _ stream: StreamName, from number: EventNumber = 0, resolveLinks: Bool = false, batchSize: Int = 500
  ) async throws -> CatchUpSubscription {
    guard number >= .streamEnd else {
      throw EventStoreError(
        .invalidArgument, "\(number) is no event number to follow stream \(stream) from", stream: stream)
    }
    let last = number == .streamEnd ? try await lastNumber(of: stream) : number - 1
    let feed = try await tcp.catchUp(
      stream, after: last >= 0 ? last : nil, resolveLinks: resolveLinks, pageSize: batchSize)
    return CatchUpSubscription(feed)
  }

  /// Follows `$all` after a position: history, then live, each event once and in order.
  ///
  /// A program that keeps the position of the last event it has processed goes on with `after: position` when it starts
  /// again. Survives lost connections.
  ///
  /// ```swift
  /// let orders = try await client.catchUpAll(after: checkpoint, filter: .streams(beginningWith: "order-"))
  /// for try await event in orders { print(event.stream, event.number, event.type) }
  /// ```
  /// - Parameters:
  ///   - position: of the last event not to give; `.start` for none, `.end` for what is written from now on.
  ///   - filter: which events to give, nil for all. Servers from 20.6 on apply it; older ones send all events, and it is applied
  ///     here.
  ///   - batchSize: how many events a read asks for, 1 to 4095.
  /// - Throws: `accessDenied` for users who are no administrators, `invalidArgument` also for a filter that makes no sense, and
  ///   those of the connection.
  public func catchUpAll(
    after position: Position = .start, filter: AllFilter? = nil, resolveLinks: Bool = false, batchSize: Int = 500
  ) async throws -> CatchUpSubscription {
    guard let filter else {
      return CatchUpSubscription(
        try await tcp.catchUpAll(after: position, resolveLinks: resolveLinks, pageSize: batchSize))
    }
    return CatchUpSubscription(
      try await tcp.catchUpAll(filter, after: position, resolveLinks: resolveLinks, pageSize: batchSize))
  }

  /// The number of the last event, -1 when there never was one.
  func lastNumber(of stream: StreamName) async throws -> EventNumber {
    let page = try await tcp.readStream(stream, .backward, from: .streamEnd, maximumCount: 1, resolveLinks: false)
    guard page.status != .deleted else { throw EventStoreError.deleted(stream) }
    return page.lastEventNumber
  }
}
