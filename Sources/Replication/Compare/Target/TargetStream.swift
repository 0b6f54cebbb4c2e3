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
  /// How many of those that were read only fill holes in the numbers.
  private(set) var fillers = 0
  /// What was read up to the reference's last number, but for what fills holes.
  private(set) var digest = EventDigest()

  /// What a backward read of one event says.
  init(_ page: StreamPage) {
    status = page.status
    last = page.lastEventNumber
  }

  /// The next event that can be read.
  ///
  /// - Parameter isFiller: Whether it only fills a hole in the numbers.
  mutating func add(_ event: RecordedEvent, isFiller: Bool = false) {
    if firstVisible == nil { firstVisible = event.number }
    guard !isFiller else {
      fillers += 1
      return
    }
    digest.add(event)
  }
}
