import EventArchive
import EventStoreCore

/// What the reference holds of each stream that is compared, in a few hundred bytes a stream.
struct Inventory: Sendable {
  /// Which events are compared.
  let selection: RestoreSelection
  /// What the reference holds, by stream; metadata stand with the stream that they describe.
  private(set) var streams: [StreamName: ReferenceStream] = [:]
  /// System streams left out.
  private(set) var systemLeftOut = 0
  /// Events of the streams that were asked for which are not expected on the target.
  private(set) var eventsLeftOut = 0
  /// Streams that have such events.
  private(set) var shortened: Set<StreamName> = []
  private let form: RestoredForm
  private var systemSeen: Set<StreamName> = []

  init(_ selection: RestoreSelection, _ form: RestoredForm) {
    (self.selection, self.form) = (selection, form)
  }

  /// Events of the streams that are compared.
  var events: Int { streams.values.reduce(0) { $0 + $1.tally.events } }

  /// Streams named by the user that the reference does not hold, sorted.
  var notFound: [StreamName] { (selection.scope.named ?? []).filter { streams[$0] == nil }.sorted() }

  /// Streams whose summary may end with a tombstone.
  var mayBeHardDeleted: Set<StreamName> { Set(streams.filter { $0.value.tally.mayBeHardDeleted }.keys) }

  /// Streams that begin late or have holes.
  var irregular: Set<StreamName> { Set(streams.filter { !$0.value.tally.isRegular }.keys) }

  /// Whether a stream is compared as one of its own: it is taken, and no metadata.
  func takes(_ stream: StreamName) -> Bool {
    selection.takes(stream) && !stream.isMetadataStream
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
    switch selection.verdict(event) {
    case .metadata: addMetadata(event)
    case .take where !event.stream.isMetadataStream, .tombstone where !event.stream.isMetadataStream:
      change(event.stream) { $0.tally.add(event) }
    case .afterCut, .filtered, .expired: leaveOut(event)
    case .otherStream:
      guard !event.stream.isMetadataStream, systemSeen.insert(event.stream).inserted else { return }
      leaveOut(event.stream)
    case .take, .tombstone: break
    }
  }

  private mutating func addMetadata(_ event: RecordedEvent) {
    guard form.hasMetadata, let described = event.stream.describedStream, !described.isMetadataStream else { return }
    let metadata = ComparedMetadata(event.data)
    // Those before the delete count again.
    if form.undeletes, metadata.isSoftDeleted { return }
    change(described) { $0.metadata = metadata }
  }

  private mutating func leaveOut(_ event: RecordedEvent) {
    eventsLeftOut += 1
    if !event.stream.isMetadataStream { shortened.insert(event.stream) }
  }

  private mutating func leaveOut(_ stream: StreamName) {
    let scope = selection.scope
    if scope.named == nil, !stream.isMetadataStream, !scope.takes(stream) { systemLeftOut += 1 }
  }

  private mutating func change(_ stream: StreamName, _ body: (inout ReferenceStream) -> Void) {
    body(
      &streams[
        stream,
        default: ReferenceStream(
          isNamed: selection.scope.names(stream), expectsTombstone: form.tombstones, hasMetadata: form.hasMetadata)])
  }
}
