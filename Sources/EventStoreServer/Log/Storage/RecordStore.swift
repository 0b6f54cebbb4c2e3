import EventStoreCore

/// The log itself: its events in the order of `$all`, and where its other records begin.
struct RecordStore {
  private(set) var records = ChunkedArray<StoredRecord>()
  /// The beginnings of records that are not events of their own place: of transactions, of empty appends. Sorted.
  private var otherBoundaries = ChunkedArray<Int64>()
  private var types: [EventType: EventType] = [:]
  /// Types seen beyond this many are not shared between events.
  private static let maximumSharedTypes = 10_000

  /// Where the next record will begin.
  private(set) var end: Int64
  /// Where the newest committed record begins; -1 before there is one.
  private(set) var lastCommitPosition: Int64 = -1

  init() {
    otherBoundaries.append(0)
    end = RecordSize.epoch
  }

  /// Writes an event that is committed by its own record; its place among `records`.
  mutating func append(
    _ event: ProposedEvent, stream: StreamTable.Index, name: StreamName, number: EventNumber, at now: Timestamp
  ) -> Int {
    let start = end
    end += RecordSize.prepare(stream: name, event: event)
    return add(event, stream, number, now, commit: start, prepare: start, commitEnd: end)
  }

  /// Writes a record without an event; where it begins.
  mutating func appendBare(stream: StreamName, isCommitted: Bool) -> Int64 {
    let start = reserve(RecordSize.prepare(stream: stream))
    if isCommitted { lastCommitPosition = start }
    return start
  }

  /// Writes an event that a transaction may commit later; where it begins.
  mutating func prepare(_ event: ProposedEvent, stream: StreamName) -> Int64 {
    reserve(RecordSize.prepare(stream: stream, event: event))
  }

  /// Writes the record that commits a transaction; where it begins.
  mutating func appendCommit() -> Int64 {
    let start = reserve(RecordSize.commit)
    lastCommitPosition = start
    return start
  }

  /// Shows an event that was prepared at `prepare` and committed at `commit`; its place among `records`.
  mutating func show(
    _ event: ProposedEvent, stream: StreamTable.Index, number: EventNumber, created: Timestamp, prepare: Int64,
    commit: Int64
  ) -> Int {
    add(event, stream, number, created, commit: commit, prepare: prepare, commitEnd: commit + RecordSize.commit)
  }

  /// Whether a record begins or the log ends here.
  func isBoundary(_ position: Int64) -> Bool {
    if position == end { return true }
    let event = records.partitionPoint { $0.position < Position(commit: position, prepare: position) }
    if event < records.count, records[event].prepare == position { return true }
    let other = otherBoundaries.partitionPoint { $0 < position }
    return other < otherBoundaries.count && otherBoundaries[other] == position
  }

  private mutating func reserve(_ size: Int64) -> Int64 {
    let start = end
    otherBoundaries.append(start)
    end += size
    return start
  }

  private mutating func add(
    _ event: ProposedEvent, _ stream: StreamTable.Index, _ number: EventNumber, _ created: Timestamp,
    commit: Int64, prepare: Int64, commitEnd: Int64
  ) -> Int {
    records.append(
      StoredRecord(
        stream: stream, number: number, id: event.id, type: shared(event.type), isJSON: event.isJSON, data: event.data,
        metadata: event.metadata, created: created, commit: commit, prepare: prepare, commitEnd: commitEnd))
    lastCommitPosition = commit
    return records.count - 1
  }

  /// The same type, in memory that all its events share.
  private mutating func shared(_ type: EventType) -> EventType {
    if let known = types[type] { return known }
    if types.count < Self.maximumSharedTypes { types[type] = type }
    return type
  }
}
