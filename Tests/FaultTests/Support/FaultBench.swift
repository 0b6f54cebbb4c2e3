import EventArchive
import EventStoreCore
import EventStoreServer
import EventStoreTCP
import Foundation
import Logging
import Replication
import TestSupport
import Testing

/// An archive in a directory, and runs between it and servers.
final class FaultBench: Sendable {
  /// Small, so that connections are lost between pages and appends too, not only within the first.
  static let pageSize = 40
  static let quiet = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

  let directory = FileManager.default.temporaryDirectory.appendingPathComponent("eventvault-fault-\(UUID())").path

  deinit {
    try? FileManager.default.removeItem(atPath: directory)
  }

  /// A client that asks often for a sign of life, and has to: without one it would wait for an hour.
  static var configuration: TCPConfiguration {
    var configuration = TCPConfiguration(
      connectionName: "fault", credentials: Credentials(login: "admin", password: "changeit"))
    let often = EventStoreTCP.RetryPolicy(
      maximumAttempts: 1000, firstDelay: .milliseconds(1), maximumDelay: .milliseconds(20))
    configuration.firstConnection = often
    configuration.reconnection = often
    configuration.requestRetries = often
    configuration.authentication = often
    configuration.connectTimeout = .seconds(3600)
    configuration.requestTimeout = .seconds(3600)
    configuration.heartbeatInterval = .milliseconds(25)
    configuration.heartbeatTimeout = .milliseconds(200)
    configuration.initialPageSize = pageSize
    return configuration
  }

  /// Runs `body` with a client of a port, and closes it afterwards.
  static func withStore<Result>(
    port: Int, configuration: TCPConfiguration = configuration, _ body: (TCPEventStore) async throws -> Result
  ) async throws -> Result {
    let store = try await TCPEventStore.connect(
      configuration: configuration, resolver: FixedEndpoint(Endpoint(host: "127.0.0.1", port: port)), logger: quiet)
    return try await doing {
      try await body(store)
    } finally: {
      await store.close()
    }
  }

  /// One backup of everything that is no system's.
  func backup(
    from store: any EventReader, storage: (any ArchiveStorage)? = nil, follow: Bool = false,
    stop: StopSignal = StopSignal(),
    progress: @escaping @Sendable (BackupProgress) -> Void = { _ in }
  ) async throws -> BackupReport {
    let description = ArchiveDescription(
      created: .now, tool: "eventvault test", scope: .all(includeSystem: false), source: "tcp://127.0.0.1:1113",
      protocolName: "tcp")
    let archive = try await ArchiveWriter.open(
      storage: storage ?? LocalStorage(directory: directory), creating: description,
      options: ArchiveOptions(
        compressionLevel: 1, compressionWorkers: 1, maximumFrameBytes: 6000, maximumSegmentBytes: 8000),
      now: { .now })
    return try await BackupRun(
      source: store, archive: archive,
      configuration: BackupConfiguration(
        follow: follow, pageSize: Self.pageSize, syncInterval: .milliseconds(20), retry: Self.retry),
      stop: stop, logger: Self.quiet, progress: progress
    ).run()
  }

  /// One restore of the archive.
  func restore(
    to store: any EventReader & EventWriter, inFlight: Int, maximumAppendEvents: Int = 20,
    retry: Replication.RetryPolicy = retry,
    progress: @escaping @Sendable (RestoreProgress) -> Void = { _ in }
  ) async throws -> RestoreReport {
    try await RestoreRun(
      archive: try ArchiveReader(directory: directory), target: store,
      configuration: RestoreConfiguration(
        inFlight: inFlight, maximumAppendEvents: maximumAppendEvents, retry: retry),
      rejects: NoRejects(), logger: Self.quiet, progress: progress
    ).run()
  }

  /// Everything in the archive, in its order; the archive must be sound.
  func archived() throws -> [RecordedEvent] {
    #expect(try ArchiveVerifier(directory: directory).verify().faults == [])
    let cursor = try ArchiveReader(directory: directory).events()
    var events: [RecordedEvent] = []
    while let batch = try cursor.nextBatch() { events += batch }
    return events
  }

  static let retry = Replication.RetryPolicy(
    initialDelay: .milliseconds(1), maximumDelay: .milliseconds(20), stallTimeout: .seconds(120))
}

/// For targets that take everything: a rejected event ends the run.
private struct NoRejects: RejectedEventSink {
  struct Rejected: Error {
    var event: RejectedEvent
  }

  func reject(_ event: RejectedEvent) async throws {
    throw Rejected(event: event)
  }
}
