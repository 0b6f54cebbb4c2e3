import EventStoreCore

/// What a target is compared with: an archive, or a server.
protocol CompareReference: Sendable {
  /// Which of its events are expected on the target.
  var selection: RestoreSelection { get }

  /// What it holds.
  ///
  /// - Throws: `ArchiveError`, or what the server refuses; `stalled`, `Interruption.stopped`, `CancellationError`.
  func inventory(_ form: RestoredForm, _ monitor: CompareMonitor) async throws -> Inventory

  /// Goes through all events of some streams once, each stream's in order; others may come too.
  ///
  /// - Parameter streams: The streams, nil for all.
  /// - Throws: as `inventory`.
  func forEachBatch(of streams: Set<StreamName>?, _ take: ([RecordedEvent], Position?) -> Void) async throws

  /// The events of one stream up to a number, batch by batch.
  func events(of stream: StreamName, through last: EventNumber) -> any EventBatches

  /// Whether that gives all events of the stream that it holds, also those that their stream hides.
  var givesHiddenEvents: Bool { get }

  /// Whether an event of the target only fills a hole in the numbers.
  func isFiller(_ event: RecordedEvent) -> Bool

  /// Whether it holds whatever there was, so that what only the target has is extra.
  func claimsAll(_ stream: StreamName) -> Bool
}

/// The events of one stream, in order, pulled batch by batch.
protocol EventBatches: AnyObject {
  /// The next events; nil at the end.
  func next() async throws -> [RecordedEvent]?
}
