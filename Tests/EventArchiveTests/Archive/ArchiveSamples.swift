import EventArchive
import EventStoreCore

/// Events, times and options that archive tests share.
enum ArchiveSamples {
  static let description = ArchiveDescription(
    id: EventID(high: 1, low: 2), created: Timestamp(ticks: 17_000_000_000_000_000), tool: "eventvault test",
    scope: .all(includeSystem: false), source: "tcp://127.0.0.1:1113", protocolName: "tcp", serverVersion: "4.1.4")

  static func description(streams: [StreamName]) -> ArchiveDescription {
    var description = description
    description.scope = .list(streams)
    return description
  }

  /// Small frames and segments, so that a few events make many of them.
  static let options = ArchiveOptions(
    compressionLevel: 1, compressionWorkers: 1, maximumFrameBytes: 600, maximumSegmentBytes: 900,
    syncInterval: .milliseconds(5), anchorCount: 3)

  /// The first `count` events of an endless log, in which every fifth event shares its commit position with the next.
  static func events(_ count: Int) -> [RecordedEvent] {
    (0..<count).map { event($0) }
  }

  static func event(_ index: Int) -> RecordedEvent {
    let stream = StreamName(index % 7 == 3 ? "$$order \"\(index % 2)\"" : "order-\(index % 3)")
    let commit = Int64(index % 5 == 4 ? (index - 1) * 100 : index * 100)
    let data: Bytes =
      switch index % 4 {
      case 0: Bytes("{\"total\":12.50,\"index\":\(index)}")
      case 1: Bytes([0xFF, UInt8(index % 256), 0])
      case 2: Bytes("{ \"pretty\":\n  \(index) }")
      default: Bytes()
      }
    return RecordedEvent(
      stream: stream, number: Int64(index), id: EventID(high: 7, low: UInt64(index)), type: "OrderPlaced",
      isJSON: index % 4 == 0, data: data, metadata: index % 3 == 0 ? Bytes("{\"user\":\"u\(index)\"}") : Bytes(),
      created: Timestamp(ticks: 17_000_000_000_000_000 + Int64(index) * 1234),
      position: Position(commit: commit, prepare: Int64(index * 100)))
  }

  /// A clock that goes on by a millisecond whenever it is looked at.
  static func clock() -> @Sendable () -> Timestamp {
    let ticks = TickCounter()
    return { ticks.next() }
  }

  /// What a backup run does: everything after the checkpoint, in small batches, then the checkpoint.
  static func backup(
    _ events: [RecordedEvent], to storage: any ArchiveStorage, upTo end: Position? = nil,
    clock: @escaping @Sendable () -> Timestamp = ArchiveSamples.clock()
  ) async throws {
    let writer = try await ArchiveWriter.open(storage: storage, creating: description, options: options, now: clock)
    do {
      let checkpoint = writer.resumePoint.checkpoint
      let wanted = events.filter { event in
        guard let position = event.position, let checkpoint else { return true }
        return position > checkpoint
      }
      for start in stride(from: 0, to: wanted.count, by: 4) {
        try await writer.append(Array(wanted[start..<min(start + 4, wanted.count)]))
      }
      if let end { try await writer.recordCheckpoint(end, anchors: []) }
      try await writer.finish()
    } catch {
      await writer.abandon()
      throw error
    }
  }

  static func content(of storage: any ArchiveStorage) throws -> [RecordedEvent] {
    try all(ArchiveReader(storage: storage).events())
  }

  static func all(_ cursor: ArchiveCursor) throws -> [RecordedEvent] {
    var events: [RecordedEvent] = []
    while let batch = try cursor.nextBatch() { events += batch }
    return events
  }
}

private final class TickCounter: Sendable {
  private let ticks = Locked<Int64>(17_000_000_100_000_000)

  func next() -> Timestamp {
    ticks.withLock { ticks in
      ticks += Timestamp.ticksPerMillisecond
      return Timestamp(ticks: ticks)
    }
  }
}
