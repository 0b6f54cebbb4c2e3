import EventArchive
import EventStoreCore

/// An archive as what a target is compared with.
struct ArchiveReference: CompareReference {
  /// How many streams' summaries are in memory at a time, beside the inventory.
  private static let pageSize = 100_000

  let archive: ArchiveReader
  let selection: RestoreSelection
  let stop: StopSignal

  func inventory(_ form: RestoredForm, _ monitor: CompareMonitor) async throws -> Inventory {
    var inventory = Inventory(selection, form)
    guard !selection.judgesEvents else {
      try await read(selection.scope.namedAndMetadata, into: &inventory, monitor)
      return inventory
    }
    var metadata: Set<StreamName> = []
    var last: StreamName?
    while true {
      let page = try archive.streams(after: last, limit: Self.pageSize)
      for summary in page {
        if summary.stream.isMetadataStream, selection.takes(summary.stream) { metadata.insert(summary.stream) }
        inventory.add(summary)
      }
      guard page.count == Self.pageSize else { break }
      last = page.last?.stream
    }
    let recounted = inventory.mayBeHardDeleted
    inventory.recount(recounted)
    try await read(metadata.union(recounted), into: &inventory, monitor)
    return inventory
  }

  private func read(_ streams: Set<StreamName>?, into inventory: inout Inventory, _ monitor: CompareMonitor)
    async throws
  {
    try await forEachBatch(of: streams) { events, _ in
      for event in events { inventory.add(event) }
      monitor.read(0, upTo: events.last?.position)
    }
  }

  /// The next frame is read while the last one is taken.
  func forEachBatch(of streams: Set<StreamName>?, _ take: ([RecordedEvent], Position?) -> Void) async throws {
    if let streams, streams.isEmpty { return }
    let pager = ArchivePager(archive, streams: streams)
    var ahead = Task { try await pager.next() }
    while let events = try await ahead.value {
      if stop.isStopped { throw Interruption.stopped }
      ahead = Task { try await pager.next() }
      take(events, events.last?.position)
    }
  }

  var givesHiddenEvents: Bool { true }

  func events(of stream: StreamName, through last: EventNumber) -> any EventBatches {
    ArchivedEvents(pager: ArchivePager(archive, streams: [stream]))
  }

  func isFiller(_ event: RecordedEvent) -> Bool {
    Fillers.looksLike(event)
      && event.id == Fillers(archive: archive.description.id, maximum: 0).id(event.number, of: event.stream)
  }

  func claimsAll(_ stream: StreamName) -> Bool {
    guard archive.description.filter.takesEverything else { return false }
    return switch archive.description.scope {
    case .all(let includeSystem): includeSystem || !stream.isSystem
    case .streams: false
    }
  }
}

/// The archived events of one stream.
private final class ArchivedEvents: EventBatches {
  private let pager: ArchivePager

  init(pager: ArchivePager) {
    self.pager = pager
  }

  func next() async throws -> [RecordedEvent]? {
    try await pager.next()
  }
}
