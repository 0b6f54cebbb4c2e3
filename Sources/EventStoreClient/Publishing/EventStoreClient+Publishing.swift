public import EventStoreCore
internal import EventStoreTCP

extension EventStoreClient {
  /// Publishes one event whose data are the JSON of a value.
  ///
  /// ```swift
  /// struct PonyJumped: Codable { var pony: String, height: Double }
  /// let result = try await client.publishEvent(
  ///   to: "ponies", type: "PonyJumped", body: PonyJumped(pony: "Derpy Hooves", height: 10))
  /// let event = try await client.getEvent("ponies", result.lastEventNumber)
  /// ```
  /// - Parameters:
  ///   - id: by which the server recognises a repeat.
  ///   - metadata: any bytes; `try .json(…)` makes them of a value.
  ///   - expectedVersion: what must be true of the stream; see `publish(to:_:expectedVersion:)`.
  /// - Throws: `invalidArgument` when the body cannot be encoded, and as `publish(to:_:expectedVersion:)`.
  @discardableResult
  public func publishEvent(
    to stream: StreamName, type: EventType, body: some Encodable, id: EventID = EventID(), metadata: Bytes = Bytes(),
    expectedVersion: ExpectedVersion = .any
  ) async throws -> AppendResult {
    let event = try NewEvent.json(type, body, id: id, metadata: metadata)
    return try await publish(to: stream, [event], expectedVersion: expectedVersion)
  }

  /// Publishes one event whose data are these bytes.
  ///
  /// ```swift
  /// try await client.publishEvent(to: "ponies", type: "PonyPhotographed", data: Bytes([0xFF, 0xD8, 0xFF]))
  /// try await client.publishEvent(to: "ponies", type: "PonyJumped", data: #"{"height": 10}"#, isJSON: true)
  /// ```
  /// - Parameters:
  ///   - isJSON: whether the data are marked as JSON; nobody checks that they are.
  ///   - id: by which the server recognises a repeat.
  ///   - expectedVersion: what must be true of the stream; see `publish(to:_:expectedVersion:)`.
  /// - Throws: as `publish(to:_:expectedVersion:)`.
  @discardableResult
  public func publishEvent(
    to stream: StreamName, type: EventType, data: Bytes, isJSON: Bool = false, id: EventID = EventID(),
    metadata: Bytes = Bytes(), expectedVersion: ExpectedVersion = .any
  ) async throws -> AppendResult {
    let event = NewEvent(id: id, type: type, isJSON: isJSON, data: data, metadata: metadata)
    return try await publish(to: stream, [event], expectedVersion: expectedVersion)
  }

  /// Publishes events at once: all of them or none, one after the other.
  ///
  /// With an exact expected version, `noStream` included, the server recognises a repeat: the same events can be published
  /// again, and that gives the same result and writes nothing. So the client sends them again by itself after a lost
  /// connection. With `any` or `streamExists` it throws `connectionLost`: the events may be there or not.
  ///
  /// ```swift
  /// let jumps = try [6, 9, 12].map { try NewEvent.json("PonyJumped", PonyJumped(pony: "Peculiar Hooves", height: $0)) }
  /// let result = try await client.publish(to: "ponies", jumps, expectedVersion: .noStream)
  /// print(result.firstEventNumber, result.lastEventNumber)  // 0 2
  /// ```
  /// - Throws: `wrongExpectedVersion`, with the stream's last number as `currentVersion` where the server tells it;
  ///   `streamDeleted`, `accessDenied`, `eventTooLarge`, `invalidArgument`, and those of the connection.
  @discardableResult
  public func publish(
    to stream: StreamName, _ events: [NewEvent], expectedVersion: ExpectedVersion = .any
  ) async throws -> AppendResult {
    try await tcp.append(events, to: stream, expected: expectedVersion)
  }
}
