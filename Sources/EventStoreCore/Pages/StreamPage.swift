/// What one read of a stream gave.
public struct StreamPage: Hashable, Sendable {
  /// What the server knows of the stream.
  public enum Status: Hashable, Sendable {
    /// There are, or were, events to read.
    case found
    /// There never was such a stream, or it is soft-deleted; then `lastEventNumber` is kept.
    case noStream
    /// The stream is hard-deleted, for ever.
    case deleted
  }

  /// What the server knows of the stream.
  public var status: Status
  /// The events, in the direction of the read; can be empty although the stream goes on.
  public var events: [ResolvedEvent]
  /// Where the next page begins; has no meaning at the end of the stream.
  public var nextEventNumber: EventNumber
  /// The number of the stream's last event, -1 when it never had one, `EventNumber.deleted` after a hard delete.
  public var lastEventNumber: EventNumber
  /// Whether there is nothing more in this direction.
  public var isEndOfStream: Bool

  public init(
    status: Status, events: [ResolvedEvent], nextEventNumber: EventNumber, lastEventNumber: EventNumber,
    isEndOfStream: Bool
  ) {
    self.status = status
    self.events = events
    self.nextEventNumber = nextEventNumber
    self.lastEventNumber = lastEventNumber
    self.isEndOfStream = isEndOfStream
  }
}

extension StreamPage: RandomAccessCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { events.count }

  public subscript(index: Int) -> ResolvedEvent { events[index] }
}
