import EventStoreCore

/// An event log in memory with the semantics of EventStore 4.1.4: a value, without clock, randomness or I/O.
///
/// Time and the ids of events that the server writes itself are arguments. Positions are byte offsets, as long as the records
/// of a real log would be. Nothing is ever removed: `$maxCount`, `$maxAge`, `$tb` and deletes only hide events from reads.
/// `EventLog` shares one between threads.
struct MemoryLog {
  var store = RecordStore()
  var streams = StreamTable()
  var recentEvents = RecentEvents()
  var transactions = TransactionTable()
  var accessRules = AccessRules()

  /// Whether `principal`, nil for an anonymous client, has a right to a stream; `""` is all of `$all`.
  func allows(_ right: AccessRight, to stream: StreamName, by principal: Principal?) -> Bool {
    accessRules.allow(right, to: stream.utf8.isEmpty ? "$all" : stream, by: principal) { streams.metadata($0).acl }
  }

  /// An event as reads give it; its position only where `$all` is read, as over TCP.
  func recorded(_ record: StoredRecord, withPosition: Bool = false) -> RecordedEvent {
    RecordedEvent(
      stream: streams[record.stream].name, number: record.number, id: record.id, type: record.type,
      isJSON: record.isJSON, data: record.data, metadata: record.metadata, created: record.created,
      position: withPosition ? record.position : nil)
  }

  /// The event with this number; nil when the stream has no such event, readable or not.
  func record(_ number: EventNumber, of stream: StreamTable.Index) -> StoredRecord? {
    let places = streams[stream].records
    guard number >= 0, number < places.count else { return nil }
    return store.records[Int(places[Int(number)])]
  }
}
