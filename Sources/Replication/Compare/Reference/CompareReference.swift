import EventStoreCore

/// What a target is compared with: an archive, or a server.
protocol CompareReference: Sendable {
  /// What it holds.
  ///
  /// - Throws: `ArchiveError`, or what the server refuses; `stalled`, `Interruption.stopped`, `CancellationError`.
  func inventory(of scope: RestoreScope, _ monitor: CompareMonitor) async throws -> Inventory

  /// Goes through all events of an inventory's streams once, each stream's in order; others may come too.
  ///
  /// - Throws: as `inventory`.
  func forEachBatch(of inventory: Inventory, _ take: ([RecordedEvent], Position?) -> Void) async throws

  /// The events of one stream up to a number, batch by batch.
  func events(of stream: StreamName, through last: EventNumber) -> any EventBatches

  /// Whether that gives all events of the stream that it holds, also those that their stream hides.
  var givesHiddenEvents: Bool { get }

  /// Whether it holds whatever there was, so that what only the target has is extra.
  func claimsAll(_ stream: StreamName) -> Bool
}

/// The events of one stream, in order, pulled batch by batch.
protocol EventBatches: AnyObject {
  /// The next events; nil at the end.
  func next() async throws -> [RecordedEvent]?
}
