import EventStoreCore

/// A server, up to the end that it had when the run began, as what a target is compared with.
struct ServerReference: CompareReference {
  let scan: LogScan
  let end: Position?

  /// - Throws: as `LogScan.end`.
  init(_ scan: LogScan) async throws {
    self.scan = scan
    end = try await scan.end()
  }

  func inventory(of scope: RestoreScope, _ monitor: CompareMonitor) async throws -> Inventory {
    var inventory = Inventory(scope: scope)
    try await scan.forEachBatch(until: end) { events, position in
      for event in events { inventory.add(event) }
      monitor.read(events.count, upTo: position)
    }
    return inventory
  }

  func forEachBatch(of inventory: Inventory, _ take: ([RecordedEvent], Position?) -> Void) async throws {
    try await scan.forEachBatch(until: end, take)
  }

  var givesHiddenEvents: Bool { false }

  func events(of stream: StreamName, through last: EventNumber) -> any EventBatches {
    StreamEvents(scan.reader, stream, through: last, patience: scan.patience)
  }

  func claimsAll(_ stream: StreamName) -> Bool { true }
}
