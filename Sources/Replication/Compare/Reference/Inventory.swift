import EventArchive
import EventStoreCore

/// What the reference holds of each stream that is compared, in a few hundred bytes a stream.
struct Inventory: Sendable {
  /// Which streams are compared.
  let scope: RestoreScope
  /// What the reference holds, by stream; metadata stand with the stream that they describe.
  private(set) var streams: [StreamName: ReferenceStream] = [:]
  /// System streams left out.
  private(set) var systemLeftOut = 0
  private var systemSeen: Set<StreamName> = []

  init(scope: RestoreScope) {
    self.scope = scope
  }

  /// Events of the streams that are compared.
  var events: Int { streams.values.reduce(0) { $0 + $1.tally.events } }

  /// Streams named by the user that the reference does not hold, sorted.
  var notFound: [StreamName] { (scope.named ?? []).filter { streams[$0] == nil }.sorted() }

  /// Streams whose summary may end with a tombstone.
  var mayBeHardDeleted: Set<StreamName> { Set(streams.filter { $0.value.tally.mayBeHardDeleted }.keys) }

  /// Whether a stream is compared as one of its own: it is taken, and no metadata.
  func takes(_ stream: StreamName) -> Bool {
    scope.takes(stream) && !stream.isMetadataStream
  }

  /// What an archive's indexes say of a stream; the metadata streams among them are read.
  mutating func add(_ summary: StreamSummary) {
    guard takes(summary.stream) else { return leaveOut(summary.stream) }
    change(summary.stream) { $0.tally = StreamTally(summary) }
  }

  /// Forgets how many events these streams have: they come again one by one.
  mutating func recount(_ names: Set<StreamName>) {
    for stream in names { change(stream) { $0.tally = StreamTally() } }
  }

  /// The next event of the reference.
  mutating func add(_ event: RecordedEvent) {
    if let described = event.stream.describedStream {
      guard scope.takes(event.stream), !described.isMetadataStream, event.type != .tombstone else { return }
      change(described) { $0.metadata = ComparedMetadata(event.data) }
    } else if takes(event.stream) {
      change(event.stream) { $0.tally.add(event) }
    } else if scope.named == nil, systemSeen.insert(event.stream).inserted {
      systemLeftOut += 1
    }
  }

  private mutating func leaveOut(_ stream: StreamName) {
    if scope.named == nil, !stream.isMetadataStream { systemLeftOut += 1 }
  }

  private mutating func change(_ stream: StreamName, _ body: (inout ReferenceStream) -> Void) {
    body(&streams[stream, default: ReferenceStream(isNamed: scope.names(stream))])
  }
}
