/// Where an append put its events, or had put them when it was a repeat.
public struct AppendResult: Hashable, Sendable {
  /// The number of the first event; after an empty append the stream's last number + 1.
  public var firstEventNumber: EventNumber
  /// The number of the last event.
  public var lastEventNumber: EventNumber
  /// The place in `$all`; nil when the server recognised a repeat and wrote nothing.
  public var position: Position?

  public init(firstEventNumber: EventNumber, lastEventNumber: EventNumber, position: Position?) {
    self.firstEventNumber = firstEventNumber
    self.lastEventNumber = lastEventNumber
    self.position = position
  }
}
