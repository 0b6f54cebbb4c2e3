import EventArchive
import EventStoreCore
import EventStoreServer
import Replication
import Testing

/// Keeps the list of moved events, or refuses to when told so.
final class MovedRecorder: MovedEventsSink {
  struct Full: Error {}

  private let list = Locked<[MovedEvents]>([])
  private let isFull: Bool

  init(isFull: Bool = false) {
    self.isFull = isFull
  }

  /// `stream first-last -> target first` of each entry.
  var entries: [String] {
    list.withLock { $0.map { "\($0.stream) \($0.first)-\($0.last) -> \($0.targetStream) \($0.targetFirst)" } }
  }

  func moved(_ entries: [MovedEvents]) async throws {
    if isFull { throw Full() }
    list.withLock { $0 += entries }
  }
}

extension RestoreBench {
  /// A dry run, then the real one into the same target: the first must write nothing and count what the second does.
  @discardableResult
  func runTwice(to target: LogConnection? = nil, sourceLocation: SourceLocation = #_sourceLocation) async throws
    -> RestoreReport
  {
    let target = target ?? LogConnection(self.target)
    var dry = self
    dry.configuration.dryRun = true
    (dry.rejects, dry.moved) = (RejectRecorder(), MovedRecorder())
    let count = self.target.eventCount
    let readOnly = HookedStore(target) { call in
      switch call {
      case .append, .delete: Issue.record("a dry run writes: \(call)", sourceLocation: sourceLocation)
      case .readAll, .readStream, .readEvent, .catchUp: break
      }
    }
    var plan = try await dry.run(to: readOnly)
    #expect(self.target.eventCount == count, sourceLocation: sourceLocation)
    #expect(dry.rejects.rejected.isEmpty && dry.moved.entries.isEmpty, sourceLocation: sourceLocation)
    #expect(plan.isDryRun, sourceLocation: sourceLocation)
    let report = try await run(to: target)
    #expect(Set(plan.issues) == Set(report.issues), sourceLocation: sourceLocation)
    (plan.isDryRun, plan.issues) = (false, report.issues)
    #expect(plan == report, sourceLocation: sourceLocation)
    try expectAllCounted(report, sourceLocation: sourceLocation)
    return report
  }

  /// A run that loses the answer to one append, and breaks off after another; then one that finishes.
  ///
  /// - Parameter skipping: How many appends pass unharmed first.
  func runTornApart(skipping: Int, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let target = LogConnection(self.target)
    target.plan(.failAfter(Samples.lost), on: .append, skipping: skipping)
    target.plan(.failAfter(EventStoreError(.notAuthenticated, "who are you")), on: .append, skipping: skipping + 2)
    await #expect(throws: EventStoreError.self, sourceLocation: sourceLocation) { try await run(to: target) }
    #expect(target.faultHits == 2 && !target.hasPendingFaults, sourceLocation: sourceLocation)
    #expect(try await run(to: target).outcome == .finished, sourceLocation: sourceLocation)
  }

  /// Runs once more, which must write nothing.
  @discardableResult
  func expectRepeat(
    to target: (any EventReader & EventWriter)? = nil, _ outcome: RestoreReport.Outcome = .finished,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> RestoreReport {
    let count = self.target.eventCount
    let report = try await run(to: target)
    #expect(report.outcome == outcome, "\(report.issues)", sourceLocation: sourceLocation)
    #expect(self.target.eventCount == count, sourceLocation: sourceLocation)
    let events = report.events
    #expect(
      events.appended == 0 && events.fillers == 0 && events.tombstonesWritten == 0 && report.metadata.written == 0,
      "\(report)", sourceLocation: sourceLocation)
    try expectAllCounted(report, sourceLocation: sourceLocation)
    return report
  }

  /// Expects that the report tells of each archived event what became of it, once.
  func expectAllCounted(_ report: RestoreReport, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let events = report.events
    let counts = [
      events.appended, events.alreadyThere, events.unproven, events.rejected, events.notWritten,
      events.supersededMetadata, events.tombstonesLeftOut, events.tombstonesWritten, events.tombstonesAlreadyThere,
      events.ofDeletedStreams, events.leftOut, events.filteredOut, events.expiredLeftOut, events.afterCut,
    ]
    let count = try archived.count
    #expect(counts.reduce(0, +) == count, "\(report)", sourceLocation: sourceLocation)
  }

  /// The archived ids of a stream.
  func archivedIDs(_ stream: StreamName) throws -> [EventID] {
    try archived.filter { $0.stream == stream && $0.type != .tombstone }.map(\.id)
  }

  /// The data of a stream's events on the target, as text.
  func texts(_ stream: StreamName) async throws -> [String] {
    try await restored(stream).map { String(decoding: $0.data, as: UTF8.self) }
  }

  /// The numbers of those events of the stream that readers of the target see.
  func readable(_ stream: StreamName) async throws -> [EventNumber] {
    try await Samples.events(of: stream, in: target).map(\.number)
  }
}
