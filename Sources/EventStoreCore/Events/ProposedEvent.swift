/// An event to be appended.
public struct ProposedEvent: Hashable, Sendable {
  /// The id by which the server recognises a repeat.
  public var id: EventID
  /// The type; not empty.
  public var type: EventType
  /// Whether the data are to be marked as JSON.
  public var isJSON: Bool
  /// The payload.
  public var data: Bytes
  /// The metadata; empty for none.
  public var metadata: Bytes

  public init(
    id: EventID = EventID(), type: EventType, isJSON: Bool, data: Bytes, metadata: Bytes = Bytes()
  ) {
    self.id = id
    self.type = type
    self.isJSON = isJSON
    self.data = data
    self.metadata = metadata
  }

  /// The event that writes `event` again, with its id.
  public init(_ event: RecordedEvent) {
    self.init(id: event.id, type: event.type, isJSON: event.isJSON, data: event.data, metadata: event.metadata)
  }

  /// What the event weighs against a server's limit: data, metadata, and the type in UTF-16.
  package var weightInBytes: Int {
    data.count + metadata.count + 2 * type.utf8.count
  }
}
