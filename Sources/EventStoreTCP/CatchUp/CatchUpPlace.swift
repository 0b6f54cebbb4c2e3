import EventStoreCore

/// Where an event stands in what a feed follows: a position in `$all`, or a number in a stream.
protocol CatchUpPlace: Comparable, Hashable, Sendable {
  /// Where a read begins that must give the first event after this place; it may give this one too.
  var readStart: Self { get }
}

extension Position: CatchUpPlace {
  /// Reads of `$all` begin at an event, so the one that is known comes once more.
  var readStart: Position { self }
}

extension EventNumber: CatchUpPlace {
  /// The next number; there is none after a tombstone's.
  var readStart: EventNumber { self == .max ? self : self + 1 }
}

/// An event, and where it stands.
struct PlacedEvent<Place: CatchUpPlace>: Hashable, Sendable {
  /// Where it stands.
  var place: Place
  /// The event, or the link to it.
  var event: ResolvedEvent
}

/// What one read of the history gave.
struct HistoryPage<Place: CatchUpPlace>: Hashable, Sendable {
  /// The events, in order.
  var events: [PlacedEvent<Place>]
  /// Where the next read begins.
  var next: Place
  /// Whether nothing more was stored when the page was read.
  var isAtEnd: Bool
}
