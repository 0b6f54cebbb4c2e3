import EventStoreCore

/// An event as the log keeps it.
struct StoredRecord {
  /// Its stream's place in the `StreamTable`.
  let stream: StreamTable.Index
  /// Its number in that stream; `EventNumber.deleted` for a tombstone.
  let number: EventNumber
  let id: EventID
  let type: EventType
  let isJSON: Bool
  let data: Bytes
  let metadata: Bytes
  let created: Timestamp
  /// Where it was committed: the same as `prepare`, except in an explicit transaction.
  let commit: Int64
  /// Where its own record begins.
  let prepare: Int64
  /// Where the record that committed it ends.
  let commitEnd: Int64

  /// Its place in `$all`.
  var position: Position { Position(commit: commit, prepare: prepare) }
  /// What a backward read compares its position with.
  var backwardPosition: Position { Position(commit: commitEnd, prepare: prepare) }
}

/// How long a record is in the log of a 4.1.4 server, so that positions look as its do.
enum RecordSize {
  /// The record that commits an explicit transaction.
  static let commit: Int64 = 66
  /// The record at the very beginning of a log.
  static let epoch: Int64 = 168

  /// A record with or without an event: fixed fields, and stream, type, data and metadata with their lengths.
  static func prepare(stream: StreamName, type: Int = 0, data: Int = 0, metadata: Int = 0) -> Int64 {
    Int64(88 + text(stream.utf8.count) + text(type) + data + metadata)
  }

  /// A record of this event.
  static func prepare(stream: StreamName, event: ProposedEvent) -> Int64 {
    prepare(
      stream: stream, type: event.type.utf8.count, data: event.data.count, metadata: event.metadata.count)
  }

  /// Text has its length in front, seven bits a byte.
  private static func text(_ count: Int) -> Int {
    var lengthBytes = 1
    var rest = count >> 7
    while rest > 0 {
      lengthBytes += 1
      rest >>= 7
    }
    return lengthBytes + count
  }
}
