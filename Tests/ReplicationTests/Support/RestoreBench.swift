import EventArchive
import EventStoreCore
import EventStoreServer
import Replication
import Testing

/// A source with an archive of it in memory, a target, and restore runs from the archive into the target.
struct RestoreBench: ArchivingBench {
  var source = BackupBench()
  var target = EventLog()
  var rejects = RejectRecorder()
  var moved = MovedRecorder()
  var configuration = RestoreConfiguration(
    inFlight: 8, maximumAppendEvents: 5, maximumFramesWaiting: 4, retry: Samples.retry)

  /// Restores; into the target's log unless there is another target.
  @discardableResult
  func run(
    to target: (any EventReader & EventWriter)? = nil, stop: StopSignal = StopSignal(),
    clock: any Clock<Duration> = ContinuousClock(),
    progress: @escaping @Sendable (RestoreProgress) -> Void = { _ in }
  ) async throws -> RestoreReport {
    try await RestoreRun(
      archive: try ArchiveReader(storage: source.storage), target: target ?? LogConnection(self.target),
      configuration: configuration, rejects: rejects, moved: moved, stop: stop, clock: clock, logger: Samples.quiet,
      progress: progress
    ).run()
  }

  /// Everything that the archive holds.
  var archived: [RecordedEvent] { get throws { try Samples.content(of: source.storage) } }

  /// Everything that the target holds of a stream, hidden events too.
  func restored(_ stream: StreamName) async throws -> [RecordedEvent] {
    try await Samples.all(of: target, includeSystem: true).filter { $0.stream == stream }
  }

  /// Expects that the target holds every archived stream, but for those given, event by event, and of metadata the last.
  ///
  /// Where a server has written the same metadata by itself they have another id.
  func expectWhole(
    without leftOut: Set<StreamName> = [], sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let left = leftOut.union(leftOut.map(\.metadataStream))
    let expected = Content(try archived.filter { !left.contains($0.stream) })
    let actual = Content(try await Samples.all(of: target, includeSystem: true))
    for (stream, events) in expected.streams where !stream.isMetadataStream {
      #expect(actual.streams[stream] == events, "stream \(stream)", sourceLocation: sourceLocation)
    }
    for (stream, events) in expected.streams where stream.isMetadataStream {
      var last = actual.streams[stream]?.last?.payload
      if let event = events.last, last?.data == event.payload.data { last?.id = event.payload.id }
      #expect(last == events.last?.payload, "metadata \(stream)", sourceLocation: sourceLocation)
    }
    let known = left.union(expected.streams.keys)
    for stream in actual.streams.keys where !stream.isMetadataStream && !known.contains(stream) {
      Issue.record("the target has a stream \(stream) that was not restored", sourceLocation: sourceLocation)
    }
  }
}

/// The events of a log by stream, without what a restore cannot keep: dates and positions.
struct Content: Equatable {
  struct Payload: Hashable {
    var id: EventID
    var type: EventType
    var isJSON: Bool
    var data: Bytes
    var metadata: Bytes
  }

  struct Event: Hashable {
    var number: EventNumber
    var payload: Payload
  }

  private(set) var streams: [StreamName: [Event]] = [:]

  init(_ events: [RecordedEvent]) {
    for event in events { streams[event.stream, default: []].append(Event(event)) }
  }
}

extension Content.Event {
  init(_ event: RecordedEvent) {
    number = event.number
    payload = Content.Payload(
      id: event.id, type: event.type, isJSON: event.isJSON, data: event.data, metadata: event.metadata)
  }
}

/// Keeps what a target does not take, or refuses to when told so.
final class RejectRecorder: RejectedEventSink {
  struct Full: Error {}

  private let events = Locked<[RejectedEvent]>([])
  private let isFull: Bool

  init(isFull: Bool = false) {
    self.isFull = isFull
  }

  var rejected: [RejectedEvent] { events.withLock { $0 } }

  func reject(_ event: RejectedEvent) async throws {
    if isFull { throw Full() }
    events.withLock { $0.append(event) }
  }
}

/// Builds archived events one after the other, with positions.
struct EventScript {
  private(set) var events: [RecordedEvent] = []

  mutating func add(_ stream: StreamName, _ numbers: EventNumber..., type: EventType = "T", data: Bytes = "") {
    for number in numbers {
      let place = Int64(events.count) * 100
      events.append(
        RecordedEvent(
          stream: stream, number: number, id: EventID(high: 77, low: UInt64(events.count)), type: type, isJSON: false,
          data: data, created: Timestamp(ticks: 17_000_000_000_000_000 + place), position: at(place)))
    }
  }
}
