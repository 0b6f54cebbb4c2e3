/// What one read of `$all` gave.
public struct AllPage: Hashable, Sendable {
  /// The events, in the direction of the read.
  public var events: [ResolvedEvent]
  /// Where the read began; a read from the end is answered with the resolved end.
  public var position: Position
  /// Where the next page begins; the same as `position` at the end of the log.
  public var nextPosition: Position

  public init(events: [ResolvedEvent], position: Position, nextPosition: Position) {
    self.events = events
    self.position = position
    self.nextPosition = nextPosition
  }
}

extension AllPage: RandomAccessCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { events.count }

  public subscript(index: Int) -> ResolvedEvent { events[index] }
}
