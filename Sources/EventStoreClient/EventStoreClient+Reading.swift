public import EventStoreCore

extension EventStoreClient {
  /// Reads one page of `$all`.
  ///
  /// Forward reads include `position`, backward reads exclude it. Fewer events than asked for can come back, also none,
  /// before the end: follow `nextPosition` until it stays where it is.
  /// - Parameter maximumCount: 1 to 4095.
  /// - Throws: `accessDenied`, `serverError` for a position at which no event begins, and those of the connection.
  public func readAll(
    _ direction: ReadDirection = .forward, from position: Position = .start, maximumCount: Int = 500,
    resolveLinks: Bool = false
  ) async throws -> AllPage {
    try await connection.readAll(direction, from: position, maximumCount: maximumCount, resolveLinks: resolveLinks)
  }

  /// Reads one page of a stream; a missing or deleted stream is a status of the page, not an error.
  ///
  /// Both directions include `number`; backward from `EventNumber.streamEnd` begins at the last event.
  /// - Parameter maximumCount: 1 to 4095.
  /// - Throws: `accessDenied`, and those of the connection.
  public func readStream(
    _ stream: StreamName, _ direction: ReadDirection = .forward, from number: EventNumber = 0,
    maximumCount: Int = 500, resolveLinks: Bool = false
  ) async throws -> StreamPage {
    try await connection.readStream(
      stream, direction, from: number, maximumCount: maximumCount, resolveLinks: resolveLinks)
  }

  /// Reads one event; `EventNumber.streamEnd` is the last one.
  /// - Throws: `accessDenied`, and those of the connection.
  public func readEvent(
    _ stream: StreamName, number: EventNumber, resolveLinks: Bool = false
  ) async throws -> EventLookup {
    try await connection.readEvent(stream, number: number, resolveLinks: resolveLinks)
  }

  /// Reads a stream's metadata: the event whose data are their JSON text; nil when there are none.
  /// - Throws: `streamDeleted`, `accessDenied`, and those of the connection.
  public func metadata(of stream: StreamName) async throws -> RecordedEvent? {
    switch try await readEvent(stream.metadataStream, number: .streamEnd) {
    case .found(let event): return event.event
    case .notFound, .noStream: return nil
    case .streamDeleted: throw EventStoreError(.streamDeleted, "stream \(stream) is deleted", stream: stream)
    }
  }
}
