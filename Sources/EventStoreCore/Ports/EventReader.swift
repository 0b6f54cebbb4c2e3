/// A place that events are read from: a server behind one of its protocols.
///
/// Calls may run concurrently. Each throws `EventStoreError`, or `CancellationError` when its task is cancelled; each ends
/// within a bounded time. A lost connection is mended inside, within the implementation's own limits; an error that
/// `isTransient` may still succeed later.
package protocol EventReader: Sendable {
  /// Reads one page of `$all`.
  ///
  /// Forward reads include `position`, backward reads exclude it. Fewer events than asked for can come back, also none,
  /// before the end: follow `nextPosition` until it stays where it is.
  /// - Parameter maximumCount: 1 to 4095.
  /// - Throws: `accessDenied`, `serverError` for a position at which no event begins, and those of the connection.
  func readAll(
    _ direction: ReadDirection, from position: Position, maximumCount: Int, resolveLinks: Bool
  ) async throws -> AllPage

  /// Reads one page of a stream; a missing or deleted stream is a status of the page, not an error.
  ///
  /// Both directions include `number`; backward from `EventNumber.streamEnd` begins at the last event.
  /// - Parameter maximumCount: 1 to 4095.
  /// - Throws: `accessDenied`, and those of the connection.
  func readStream(
    _ stream: StreamName, _ direction: ReadDirection, from number: EventNumber, maximumCount: Int, resolveLinks: Bool
  ) async throws -> StreamPage

  /// Reads one event; `EventNumber.streamEnd` is the last one.
  /// - Throws: `accessDenied`, and those of the connection.
  func readEvent(_ stream: StreamName, number: EventNumber, resolveLinks: Bool) async throws -> EventLookup

  /// Follows `$all` from the first event after `position`: history, then live, each once and in order.
  func catchUpAll(after position: Position, resolveLinks: Bool, pageSize: Int) async throws -> any EventFeed

  /// Follows a stream from the first event after `number`, nil for its beginning: history, then live, each once and in order.
  ///
  /// A stream that does not exist yet is waited for.
  func catchUp(
    _ stream: StreamName, after number: EventNumber?, resolveLinks: Bool, pageSize: Int
  ) async throws -> any EventFeed
}

extension EventReader {
  /// The position of the newest event in `$all`; nil when there is none.
  /// - Throws: as `readAll`.
  package func lastPosition() async throws -> Position? {
    let page = try await readAll(.backward, from: .end, maximumCount: 1, resolveLinks: false)
    return page.events.first?.position
  }
}
