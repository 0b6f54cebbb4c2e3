public import EventStoreCore
public import FoundationEssentials

// An event reads as one thing: its place is that of what was read, its content that of the event a link leads to.

extension ResolvedEvent {
  /// What stands in the stream that was read: the link where there is one, else the event itself.
  public var receivedEvent: RecordedEvent {
    guard let received else { preconditionFailure("an event is a record, a link, or both") }
    return received
  }

  /// The stream that was read: a link's own, not the one it leads to (`event.stream` has that).
  public var stream: StreamName { receivedEvent.stream }

  /// The place in the stream that was read, from which reading can go on: a link's own number.
  public var number: EventNumber { receivedEvent.number }

  /// The id that its writer gave the event.
  public var id: EventID { content.id }

  /// The type that its writer gave the event; `$>` for a link that is dead, or was not resolved.
  public var type: EventType { content.type }

  /// Whether its writer said that the data are JSON.
  public var isJSON: Bool { content.isJSON }

  /// The payload, bit for bit.
  public var data: Bytes { content.data }

  /// The metadata, bit for bit; empty when there are none.
  public var metadata: Bytes { content.metadata }

  /// When the server wrote the event.
  public var created: Timestamp { content.created }

  /// Whether a link was to be resolved, and what it leads to is gone; then the content is the link's own.
  public var isDeadLink: Bool { event == nil }

  /// The value whose JSON the data are.
  ///
  /// ```swift
  /// struct PonyJumped: Codable { var pony: String, height: Double }
  /// let jump = try event.json(as: PonyJumped.self)
  /// ```
  /// - Throws: `unreadableData`, which names the event, when they are not.
  public func json<Value: Decodable>(
    as type: Value.Type = Value.self, decoder: JSONDecoder = JSONDecoder()
  ) throws -> Value {
    do {
      return try data.json(as: type, decoder: decoder)
    } catch {
      throw EventStoreError(
        .unreadableData, "event \(number) of stream \(stream), of type \(self.type), cannot be read as \(type)",
        stream: stream, position: position, cause: "\(error)")
    }
  }

  private var content: RecordedEvent { event ?? receivedEvent }
}
