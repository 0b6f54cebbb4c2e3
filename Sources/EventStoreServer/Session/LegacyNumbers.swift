import EventStoreCore

// Clients that do not say version 1 know event numbers of 31 bits.

extension EventNumber {
  /// The number of a tombstone for such clients.
  static let legacyDeleted = EventNumber(Int32.max)

  /// The number as such clients get it.
  var asLegacy: EventNumber { self == .deleted ? .legacyDeleted : self }
}

extension ResolvedEvent {
  /// The event as such clients get it.
  var withLegacyNumbers: ResolvedEvent {
    guard event?.number == .deleted || link?.number == .deleted else { return self }
    var copy = self
    copy.event?.number = event?.number.asLegacy ?? 0
    copy.link?.number = link?.number.asLegacy ?? 0
    return copy
  }
}
