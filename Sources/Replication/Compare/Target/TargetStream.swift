import EventStoreCore

/// What the target holds of a stream, as far as it can be read.
struct TargetStream: Hashable, Sendable {
  /// What the last event says about the stream.
  var status: StreamPage.Status
  /// The number of the last event; -1 when it never had one.
  var last: EventNumber
  /// What its metadata say.
  var metadata = ComparedMetadata.none
  /// The lowest number that was read, up to the reference's last one; nil for none, or when nobody read them.
  private(set) var firstVisible: EventNumber?
  /// What was read up to the reference's last number.
  private(set) var digest = EventDigest()

  /// What a backward read of one event says.
  init(_ page: StreamPage) {
    status = page.status
    last = page.lastEventNumber
  }

  /// The next event that can be read.
  mutating func add(_ event: RecordedEvent) {
    if firstVisible == nil { firstVisible = event.number }
    digest.add(event)
  }
}
