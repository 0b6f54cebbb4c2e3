import EventArchive
import EventStoreCore
import EventStoreServer
import Logging
import Replication
import Testing

/// Logs, archives and runs that these tests share.
enum Samples {
  static let quiet = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

  /// Quick retries, and a stall time-out that no healthy test reaches.
  static let retry = RetryPolicy(
    initialDelay: .microseconds(100), maximumDelay: .milliseconds(1), jitter: 0.5, stallTimeout: .seconds(60))

  /// Small frames and segments, so that a few events make many of them.
  static let options = ArchiveOptions(
    compressionLevel: 1, compressionWorkers: 1, maximumFrameBytes: 2000, maximumSegmentBytes: 8000,
    syncInterval: .milliseconds(5))

  static func description(_ scope: ArchiveScope, filter: EventFilter = .everything) -> ArchiveDescription {
    var description = ArchiveDescription(
      created: Timestamp(ticks: 17_000_000_000_000_000), tool: "eventvault test", scope: scope,
      source: "tcp://127.0.0.1:1113", protocolName: "tcp")
    description.filter = filter
    return description
  }

  static func open(
    _ storage: MemoryStorage, _ scope: ArchiveScope = .all(includeSystem: false),
    filter: EventFilter = .everything, options: ArchiveOptions = options
  ) async throws -> ArchiveWriter {
    try await ArchiveWriter.open(
      storage: storage, creating: description(scope, filter: filter), options: options, now: { .now })
  }

  /// Everything that an archive holds, in its order; the archive must be sound.
  static func content(of storage: MemoryStorage) throws -> [RecordedEvent] {
    let report = try ArchiveVerifier(storage: storage).verify()
    #expect(report.faults.map(\.description) == [])
    let cursor = try ArchiveReader(storage: storage).events()
    var events: [RecordedEvent] = []
    while let batch = try cursor.nextBatch() { events += batch }
    return events
  }

  /// Everything that `$all` of a log shows; without system streams unless they are included.
  static func all(of log: EventLog, includeSystem: Bool = false) async throws -> [RecordedEvent] {
    let connection = LogConnection(log)
    var events: [RecordedEvent] = []
    var position = Position.start
    while true {
      let page = try await connection.readAll(.forward, from: position, maximumCount: 1000, resolveLinks: false)
      events += page.events.compactMap(\.received)
      guard page.nextPosition != position else { break }
      position = page.nextPosition
    }
    return includeSystem ? events : events.filter { !$0.stream.isSystem }
  }

  /// Everything that can be read of a stream.
  static func events(of stream: StreamName, in log: EventLog) async throws -> [RecordedEvent] {
    let connection = LogConnection(log)
    var events: [RecordedEvent] = []
    var number: EventNumber = 0
    while true {
      let page = try await connection.readStream(
        stream, .forward, from: number, maximumCount: 1000, resolveLinks: false)
      guard page.status == .found else { return events }
      events += page.events.compactMap(\.received)
      if page.isEndOfStream { return events }
      number = page.nextEventNumber
    }
  }

  /// An event with this text as data.
  static func event(_ text: String, type: EventType = "Happened", id: EventID = EventID()) -> ProposedEvent {
    ProposedEvent(id: id, type: type, isJSON: false, data: Bytes(text))
  }

  /// So many events, numbered in their data.
  static func events(_ numbers: Range<Int>) -> [ProposedEvent] {
    numbers.map { event("number \($0)") }
  }

  static let full = EventStoreError(.notReady, "the server is too busy")
  static let lost = EventStoreError(.connectionLost, "the connection was lost")
  static let late = EventStoreError(.timedOut, "no answer came")
}

extension EventLog {
  /// Appends as the system, which must succeed.
  func write(
    _ events: [ProposedEvent], to stream: StreamName, at moment: Timestamp? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let outcome = append(events, to: stream, expected: .any, by: .system, at: moment)
    guard case .written = outcome else {
      Issue.record("the log refused events: \(outcome)", sourceLocation: sourceLocation)
      return
    }
  }

  /// Writes texts to a stream, each as an event.
  func write(_ texts: String..., to stream: StreamName, sourceLocation: SourceLocation = #_sourceLocation) {
    write(texts.map { Samples.event($0) }, to: stream, sourceLocation: sourceLocation)
  }

  /// Writes a stream's metadata.
  func setMetadata(_ json: String, of stream: StreamName, sourceLocation: SourceLocation = #_sourceLocation) {
    write(
      [ProposedEvent(type: .streamMetadata, isJSON: true, data: Bytes(json))], to: stream.metadataStream,
      sourceLocation: sourceLocation)
  }

  /// Deletes a stream, which must succeed.
  func remove(_ stream: StreamName, hard: Bool = false, sourceLocation: SourceLocation = #_sourceLocation) {
    let outcome = delete(stream, expected: .any, hard: hard, by: .system)
    guard case .written = outcome else {
      Issue.record("the log refused a delete: \(outcome)", sourceLocation: sourceLocation)
      return
    }
  }

  /// Writes events to a stream in one explicit transaction, so that they share a commit position.
  func writeTogether(_ events: [ProposedEvent], to stream: StreamName) throws {
    let id = try #require(startTransaction(on: stream, expected: .any, by: .system))
    writeTransaction(id, events)
    guard case .written = commitTransaction(id, by: .system) else {
      Issue.record("the log refused a transaction")
      return
    }
  }
}

extension WriteOutcome {
  /// Whether something was written.
  var isWritten: Bool {
    if case .written = self { return true }
    return false
  }
}
