public import EventStoreCore

/// An event of the source by which the same source is known again: its position and its id.
public struct Anchor: Hashable, Sendable {
  public var position: Position
  public var id: EventID

  public init(position: Position, id: EventID) {
    self.position = position
    self.id = id
  }
}

/// How far a stream has been archived, and the anchor by which it is known again.
public struct StreamProgress: Hashable, Sendable {
  public var stream: StreamName
  /// The number of the last archived event.
  public var number: EventNumber
  /// The id of that event.
  public var id: EventID

  public init(stream: StreamName, number: EventNumber, id: EventID) {
    self.stream = stream
    self.number = number
    self.id = id
  }
}
