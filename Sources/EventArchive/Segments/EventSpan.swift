package import EventStoreCore

/// How many events some place holds, and where they begin and end.
///
/// First and last are those of the first and the last event in the order of the archive: clocks step back, so the last created
/// date can be the earlier one.
package struct EventSpan: Hashable, Sendable {
  /// How many events there are, one or more.
  package var events: Int
  /// The position of the first event; nil when it has none.
  package var firstPosition: Position?
  /// The position of the last event; nil when it has none.
  package var lastPosition: Position?
  /// When the first event was written.
  package var firstCreated: Timestamp
  /// When the last event was written.
  package var lastCreated: Timestamp

  package init(
    events: Int, firstPosition: Position?, lastPosition: Position?, firstCreated: Timestamp, lastCreated: Timestamp
  ) {
    self.events = events
    self.firstPosition = firstPosition
    self.lastPosition = lastPosition
    self.firstCreated = firstCreated
    self.lastCreated = lastCreated
  }

  /// The span of one event.
  package init(_ event: RecordedEvent) {
    self.init(at: event.position, created: event.created)
  }

  /// The span of one event at this position and moment.
  @inline(__always)
  init(at position: Position?, created: Timestamp) {
    self.init(
      events: 1, firstPosition: position, lastPosition: position, firstCreated: created, lastCreated: created)
  }

  /// Takes in what comes next in the order of the archive.
  package mutating func extend(by next: EventSpan) {
    events += next.events
    lastPosition = next.lastPosition
    lastCreated = next.lastCreated
  }
}

/// The events of one stream in some place: how many, and their first and last number.
package struct StreamSpan: Hashable, Sendable {
  /// How many events there are, one or more.
  package var events: Int
  /// The number of the first.
  package var first: EventNumber
  /// The number of the last.
  package var last: EventNumber

  package init(events: Int, first: EventNumber, last: EventNumber) {
    self.events = events
    self.first = first
    self.last = last
  }

  /// Takes in what comes next in the order of the archive.
  package mutating func extend(by next: StreamSpan) {
    events += next.events
    last = next.last
  }
}
