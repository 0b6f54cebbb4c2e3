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
    _ stream: StreamName, from number: EventNumber, resolveLinks: Bool = false, batchSize: Int = 500
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

  /// The number of the last event, -1 when there never was one.
  private func lastNumber(of stream: StreamName) async throws -> EventNumber {
    let page = try await tcp.readStream(stream, .backward, from: .streamEnd, maximumCount: 1, resolveLinks: false)
    guard page.status != .deleted else { throw EventStoreError.deleted(stream) }
    return page.lastEventNumber
  }
}
