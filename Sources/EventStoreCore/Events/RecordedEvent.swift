/// An event as a server stores it.
public struct RecordedEvent: Hashable, Sendable {
  /// The stream it was written to.
  public var stream: StreamName
  /// Its place in that stream.
  public var number: EventNumber
  /// The id its writer gave it.
  public var id: EventID
  /// The type its writer gave it.
  public var type: EventType
  /// Whether its writer said that the data are JSON; the bytes may say otherwise.
  public var isJSON: Bool
  /// The payload, bit for bit.
  public var data: Bytes
  /// The metadata, bit for bit; empty when there are none.
  public var metadata: Bytes
  /// When the server wrote it.
  public var created: Timestamp
  /// Its place in `$all`; nil where the source gave none (a TCP read of one stream).
  public var position: Position?

  public init(
    stream: StreamName, number: EventNumber, id: EventID, type: EventType, isJSON: Bool, data: Bytes,
    metadata: Bytes = Bytes(), created: Timestamp, position: Position? = nil
  ) {
    self.stream = stream
    self.number = number
    self.id = id
    self.type = type
    self.isJSON = isJSON
    self.data = data
    self.metadata = metadata
    self.created = created
    self.position = position
  }

  /// Whether this is a link to another event.
  public var isLink: Bool { type == .link }
}
