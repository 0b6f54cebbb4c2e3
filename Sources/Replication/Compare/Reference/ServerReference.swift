import EventStoreCore

/// A server, up to the end that it had when the run began, as what a target is compared with.
struct ServerReference: CompareReference {
  let scan: LogScan
  let selection: RestoreSelection
  let end: Position?

  /// - Throws: as `LogScan.end`.
  init(_ scan: LogScan, selection: RestoreSelection) async throws {
    (self.scan, self.selection) = (scan, selection)
    end = try await scan.end()
  }

  func inventory(_ form: RestoredForm, _ monitor: CompareMonitor) async throws -> Inventory {
    var inventory = Inventory(selection, form)
    try await scan.forEachBatch(until: end) { events, position in
      for event in events { inventory.add(event) }
      monitor.read(events.count, upTo: position)
    }
    return inventory
  }

  func forEachBatch(of streams: Set<StreamName>?, _ take: ([RecordedEvent], Position?) -> Void) async throws {
    try await scan.forEachBatch(until: end, take)
  }

  var givesHiddenEvents: Bool { false }

  func events(of stream: StreamName, through last: EventNumber) -> any EventBatches {
    StreamEvents(scan.reader, stream, through: last, patience: scan.patience)
  }

  /// From which archive it came is not known, so its form must do.
  func isFiller(_ event: RecordedEvent) -> Bool { Fillers.looksLike(event) }

  func claimsAll(_ stream: StreamName) -> Bool { true }
}
