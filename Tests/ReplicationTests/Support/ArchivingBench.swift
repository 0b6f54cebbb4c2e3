import EventArchive
import EventStoreCore
import EventStoreServer
import Replication
import Testing

/// A bench that begins with a source and an archive of it.
protocol ArchivingBench {
  /// The source, and the archive.
  var source: BackupBench { get }
}

extension ArchivingBench {
  /// The log that is archived.
  var log: EventLog { source.log }

  /// Archives what the source holds now.
  func archive() async throws {
    #expect(try await source.run().outcome == .finished)
  }

  /// Archives these events as they are, whatever no source of ours would show: holes, late beginnings.
  func archive(_ events: [RecordedEvent]) async throws {
    let archive = try await Samples.open(source.storage, source.scope, options: source.options)
    try await archive.append(events)
    try await archive.finish()
  }
}
