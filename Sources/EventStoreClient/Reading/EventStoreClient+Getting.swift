public import EventStoreCore
internal import EventStoreTCP

extension EventStoreClient {
  /// One event of a stream.
  ///
  /// ```swift
  /// let first = try await client.getEvent("ponies", 0)
  /// let last = try await client.getEvent("ponies", .streamEnd)
  /// ```
  /// - Parameters:
  ///   - number: its place in the stream; `.streamEnd`, -1, is the last one.
  ///   - resolveLinks: whether a link gives what it leads to; a dead one gives an event that `isDeadLink`.
  /// - Throws: `eventNotFound`, `streamNotFound`, `streamDeleted` and `accessDenied`, each naming the stream; and those of the
  ///   connection.
  public func getEvent(
    _ stream: StreamName, _ number: EventNumber, resolveLinks: Bool = false
  ) async throws -> Event {
    switch try await tcp.readEvent(stream, number: number, resolveLinks: resolveLinks) {
    case .found(let event): return event
    case .notFound:
      let name = number == .streamEnd ? "last event" : "event \(number)"
      throw EventStoreError(.eventNotFound, "stream \(stream) has no \(name) that can be read", stream: stream)
    case .noStream: throw EventStoreError.noStream(stream)
    case .streamDeleted: throw EventStoreError.deleted(stream)
    }
  }

  /// A slice of a stream: its events, where the next slice begins, and whether this was the last.
  ///
  /// Fewer events than asked for can come back, also none, before the end: `iterate` takes care of that.
  ///
  /// ```swift
  /// let page = try await client.get("ponies", from: 10, maximumCount: 5)
  /// for event in page { print(event.number, event.type) }
  /// if !page.isEndOfStream { print("go on from", page.nextEventNumber) }
  /// ```
  /// - Parameters:
  ///   - number: the first event to give, in the direction of the read; nil for the beginning, or backward for the end.
  ///   - maximumCount: 1 to 4095.
  /// - Throws: `streamNotFound`, `streamDeleted`, `accessDenied`, `invalidArgument`, with the server's words for a count that
  ///   it refuses, and those of the connection.
  public func get(
    _ stream: StreamName, direction: ReadDirection = .forward, from number: EventNumber? = nil,
    maximumCount: Int = 500, resolveLinks: Bool = false
  ) async throws -> StreamPage {
    if let refusal = try await tcp.refusal(ofPageOf: maximumCount, in: stream) { throw refusal }
    let page = try await tcp.readStream(
      stream, direction, from: try direction.start(number, of: stream), maximumCount: maximumCount,
      resolveLinks: resolveLinks)
    try page.checkStatus(of: stream)
    return page
  }

  /// A slice of `$all`: its events, and the position at which the next slice begins.
  ///
  /// Forward slices include `position`, backward ones exclude it. Fewer events than asked for can come back, also none,
  /// before the end, which is where `nextPosition` stays the same: `iterateAll` takes care of that.
  ///
  /// ```swift
  /// let newest = try await client.getAll(direction: .backward, maximumCount: 10)
  /// for event in newest { print(event.position, event.stream, event.number) }
  /// ```
  /// - Parameters:
  ///   - position: nil for the beginning, or backward for the end; else one that a slice or an event had.
  ///   - maximumCount: 1 to 4095.
  /// - Throws: `accessDenied` for users who are no administrators, `serverError` with the server's words for a position at
  ///   which no event begins, `invalidArgument`, and those of the connection.
  public func getAll(
    direction: ReadDirection = .forward, from position: Position? = nil, maximumCount: Int = 500,
    resolveLinks: Bool = false
  ) async throws -> AllPage {
    if let refusal = try await tcp.refusal(ofPageOf: maximumCount, in: nil) { throw refusal }
    return try await tcp.readAll(
      direction, from: position ?? direction.allStart, maximumCount: maximumCount, resolveLinks: resolveLinks)
  }
}

extension ReadDirection {
  /// The number that a read begins with.
  /// - Throws: `invalidArgument` for one that no event can have.
  func start(_ number: EventNumber?, of stream: StreamName) throws(EventStoreError) -> EventNumber {
    switch (self, number) {
    case (.forward, nil): return 0
    case (.backward, nil), (.backward, .streamEnd?): return .streamEnd
    case (_, let number?):
      guard number >= 0 else {
        throw EventStoreError(
          .invalidArgument, "\(number) is no event number to read stream \(stream) \(self) from", stream: stream)
      }
      return number
    }
  }

  /// Where `$all` begins in this direction.
  var allStart: Position {
    switch self {
    case .forward: .start
    case .backward: .end
    }
  }
}

extension StreamPage {
  /// - Throws: `streamNotFound` or `streamDeleted` when there was no stream to read.
  func checkStatus(of stream: StreamName) throws(EventStoreError) {
    switch status {
    case .found: return
    case .noStream: throw .noStream(stream)
    case .deleted: throw .deleted(stream)
    }
  }
}

extension EventStoreError {
  static func noStream(_ stream: StreamName) -> EventStoreError {
    EventStoreError(.streamNotFound, "there is no stream \(stream)", stream: stream)
  }

  static func deleted(_ stream: StreamName) -> EventStoreError {
    EventStoreError(.streamDeleted, "stream \(stream) is deleted", stream: stream)
  }
}
