package import EventStoreCore

/// Up to where an archive is restored: always a prefix of the log that cuts no commit.
package enum RestoreUntil: Hashable, Sendable {
  /// All events of commits up to this position's.
  case position(Position)
  /// All before the first event that was created after this moment, whatever later ones say: clocks step back.
  case time(Timestamp)
}

/// The last event that a cut keeps, or the first that it drops.
package struct CutEdge: Hashable, Sendable, Codable {
  /// Its position in `$all`: `commit/prepare`.
  package var position: String
  /// The stream's name, as text.
  package var stream: String
  /// The event's number.
  package var number: Int64
  /// When the server wrote it.
  package var created: String

  init(_ event: RecordedEvent) {
    position = event.position?.description ?? ""
    stream = event.stream.description
    number = event.number
    created = event.created.description
  }
}
