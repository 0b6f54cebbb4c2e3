import EventStoreCore

/// An archived event that waits to be written, and the frame of the archive it came from.
struct QueuedEvent: Hashable, Sendable {
  var event: RecordedEvent
  /// Counts the frames of this run, from 0.
  var frame: Int
}

/// Events of one stream with neighbouring numbers, which one append writes or proves.
struct AppendBatch: Hashable, Sendable {
  /// Never empty, ascending without holes.
  var events: [QueuedEvent]

  /// The number of the first event.
  var first: EventNumber { events[0].event.number }
  /// The number of the last event.
  var last: EventNumber { events[events.count - 1].event.number }
  /// What the stream's version was before the first event.
  var expected: ExpectedVersion { ExpectedVersion(after: first > 0 ? first - 1 : nil) }
  /// The events as an append takes them.
  var proposed: [ProposedEvent] { events.map { ProposedEvent($0.event) } }
  /// Data and metadata in all.
  var payloadBytes: Int { events.reduce(0) { $0 + $1.event.data.count + $1.event.metadata.count } }
}

/// How much one append has at most.
struct AppendLimits: Hashable, Sendable {
  /// Events of an append.
  var maximumEvents: Int
  /// Of an append, all its events together, as `ProposedEvent.weightInBytes` counts; one event may be more.
  var maximumBytes: Int
  /// Of one event; the target refuses larger ones.
  var maximumEventBytes: Int

  init(maximumEvents: Int, maximumBytes: Int, maximumEventBytes: Int) {
    self.maximumEvents = maximumEvents
    self.maximumBytes = maximumBytes
    self.maximumEventBytes = maximumEventBytes
  }

  /// What the settings want and the target takes.
  init(_ configuration: RestoreConfiguration, _ limits: WriteLimits) {
    self.init(
      maximumEvents: max(min(configuration.maximumAppendEvents, limits.maximumAppendEvents), 1),
      maximumBytes: min(configuration.maximumAppendBytes, limits.maximumAppendBytes),
      maximumEventBytes: min(limits.maximumEventBytes, limits.maximumAppendBytes))
  }
}
