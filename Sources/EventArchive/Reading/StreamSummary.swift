public import EventStoreCore

/// What an archive holds of one stream.
public struct StreamSummary: Hashable, Sendable {
  public var stream: StreamName
  /// How many of its events are archived.
  public var events: Int
  /// The lowest archived number.
  public var firstNumber: EventNumber
  /// The highest archived number.
  public var lastNumber: EventNumber

  public init(stream: StreamName, events: Int, firstNumber: EventNumber, lastNumber: EventNumber) {
    self.stream = stream
    self.events = events
    self.firstNumber = firstNumber
    self.lastNumber = lastNumber
  }
}
