import EventArchive
import EventStoreCore
import EventStoreServer
import Replication
import Testing

/// A source, an archive in memory, and backup runs from the one to the other.
struct BackupBench {
  var log = EventLog()
  var storage = MemoryStorage()
  var scope = ArchiveScope.all(includeSystem: false)
  var filter = EventFilter.everything
  var options = Samples.options
  var configuration = BackupConfiguration(pageSize: 7, syncInterval: .milliseconds(5), retry: Samples.retry)

  /// Backs up; from the log itself unless there is another source.
  @discardableResult
  func run(
    from source: (any EventReader)? = nil, stop: StopSignal = StopSignal(),
    clock: any Clock<Duration> = ContinuousClock(),
    progress: @escaping @Sendable (BackupProgress) -> Void = { _ in }
  ) async throws -> BackupReport {
    let archive = try await Samples.open(storage, scope, filter: filter, options: options)
    return try await BackupRun(
      source: source ?? LogConnection(log), archive: archive, configuration: configuration, stop: stop, clock: clock,
      logger: Samples.quiet, progress: progress
    ).run()
  }

  /// The code with which a run must fail.
  func refusal(
    from source: (any EventReader)? = nil, clock: any Clock<Duration> = ContinuousClock(),
    sourceLocation: SourceLocation = #_sourceLocation
  ) async -> ReplicationError.Code? {
    await #expect(throws: ReplicationError.self, sourceLocation: sourceLocation) {
      try await run(from: source, clock: clock)
    }?.code
  }

  /// What the archive holds; it must be sound.
  var archived: [RecordedEvent] { get throws { try Samples.content(of: storage) } }

  /// Expects that the archive holds exactly what `$all` of the log shows.
  func expectWhole(sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let includeSystem = scope == .all(includeSystem: true)
    let expected = try await Samples.all(of: log, includeSystem: includeSystem)
    Samples.expectEqual(try archived, expected, sourceLocation: sourceLocation)
    #expect(!storage.isLocked, "the run has not given the lock back", sourceLocation: sourceLocation)
  }
}

extension Samples {
  /// Expects the same events in the same order, and says where they differ without printing all of them.
  static func expectEqual(
    _ actual: [RecordedEvent], _ expected: [RecordedEvent], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(actual.count == expected.count, sourceLocation: sourceLocation)
    if let index = zip(actual, expected).enumerated().first(where: { $0.element.0 != $0.element.1 })?.offset {
      Issue.record("event \(index) is \(actual[index]), not \(expected[index])", sourceLocation: sourceLocation)
    }
  }
}
