public import EventStoreCore

extension EventStoreClient {
  /// The events of a stream, to its end.
  ///
  /// Nothing is read before the first event is asked for, and only one batch at a time is in memory. Forward the iteration
  /// ends with the event that was the last one when it began; `catchUp` waits for more. Other requests may be made within
  /// the loop, and leaving it early is free.
  ///
  /// ```swift
  /// for try await event in client.iterate("ponies") where event.type == "PonyJumped" {
  ///   print(event.number, try event.json(as: PonyJumped.self).height)
  /// }
  /// let lastThree = client.iterate("ponies", direction: .backward).prefix(3)
  /// ```
  /// - Parameters:
  ///   - number: the first event to give; nil for the beginning, or backward for the end.
  ///   - batchSize: how many events a read asks for, 1 to 4095.
  /// - Returns: a sequence that throws `streamNotFound`, `streamDeleted`, `accessDenied`, `invalidArgument`, and the errors
  ///   of the connection.
  public func iterate(
    _ stream: StreamName, direction: ReadDirection = .forward, from number: EventNumber? = nil, batchSize: Int = 500,
    resolveLinks: Bool = false
  ) -> StreamEvents {
    StreamEvents(
      store: tcp, stream: stream, direction: direction, start: number, batchSize: batchSize, resolveLinks: resolveLinks)
  }

  /// The events of `$all`, to its end.
  ///
  /// As `iterate`. Forward the event at `position` is the first, backward the one before it. Forward the iteration ends with
  /// what was the last event when it began.
  ///
  /// ```swift
  /// var counts: [EventType: Int] = [:]
  /// for try await event in client.iterateAll() { counts[event.type, default: 0] += 1 }
  /// ```
  /// - Parameters:
  ///   - position: nil for the beginning, or backward for the end; else one that an event had.
  ///   - batchSize: how many events a read asks for, 1 to 4095.
  /// - Returns: a sequence that throws `accessDenied`, `serverError` for a position at which no event begins,
  ///   `invalidArgument`, and the errors of the connection.
  public func iterateAll(
    direction: ReadDirection = .forward, from position: Position? = nil, batchSize: Int = 500,
    resolveLinks: Bool = false
  ) -> AllEvents {
    AllEvents(
      store: tcp, direction: direction, start: position, batchSize: batchSize, resolveLinks: resolveLinks)
  }
}
