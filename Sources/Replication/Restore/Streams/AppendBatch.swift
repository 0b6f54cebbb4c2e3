import EventStoreCore

/// An event that waits to be written.
struct QueuedEvent: Hashable, Sendable {
  /// The event, as archived.
  var event: RecordedEvent
  /// The event, as the target gets it.
  var proposed: ProposedEvent
  /// The frame of the archive that it came from, counted in this run from 0; nil for a filler.
  var frame: Int?

  init(event: RecordedEvent, proposed: ProposedEvent, frame: Int?) {
    self.event = event
    self.proposed = proposed
    self.frame = frame
  }

  /// An event that is written as archived.
  init(event: RecordedEvent, frame: Int) {
    self.init(event: event, proposed: ProposedEvent(event), frame: frame)
  }

  /// Whether it only fills a hole.
  var isFiller: Bool { frame == nil }
}

/// Events of one stream that one append writes or proves.
struct AppendBatch: Hashable, Sendable {
  /// The number that the first event has on the target.
  var first: EventNumber
  /// Never empty; their numbers on the target have no holes.
  var events: [QueuedEvent]

  /// The number that the last event has on the target.
  var last: EventNumber { first + EventNumber(events.count) - 1 }
  /// What the stream's version was before the first event.
  var expected: ExpectedVersion { ExpectedVersion(after: first > 0 ? first - 1 : nil) }
  /// The events as an append takes them.
  var proposed: [ProposedEvent] { events.map(\.proposed) }
  /// Data and metadata in all.
  var payloadBytes: Int { events.reduce(0) { $0 + $1.proposed.data.count + $1.proposed.metadata.count } }
}
