internal import EventArchive
package import EventStoreCore

/// What a restore was told to take of its reference and to change, so that a comparison expects the same of the target.
///
/// Names are apart, in `CompareConfiguration.renames`; what became of event numbers the comparison sees by itself.
package struct RestoredForm: Hashable, Sendable {
  /// Which events were taken, by name and type.
  package var filter = EventFilter()
  /// Up to which moment; nil for all.
  package var until: RestoreUntil?
  /// Whether events were left out that were older than their stream's `$maxAge`.
  package var dropsExpired = false
  /// The moment at which they must not be older; nil for the moment restored to.
  package var expiredAt: Timestamp?
  /// Whether stream metadata were restored; else whatever the target has is right.
  package var hasMetadata = true
  /// Whether soft-deleted streams were restored as they were before.
  package var undeletes = false
  /// Whether hard-deleted streams were written and hard-deleted.
  package var tombstones = false
  /// Whether the metadata of events say where they came from.
  package var addsOriginMetadata = false

  package init() {}

  /// Whether some of it only an archive can tell.
  var needsArchive: Bool { until != nil || dropsExpired }
}

extension RestoreSelection {
  /// Which events of an archive a comparison expects.
  ///
  /// - Throws: `ArchiveError`, `invalidArgument`.
  init(_ archive: ArchiveReader, _ configuration: CompareConfiguration) throws {
    let form = configuration.form
    var restore = RestoreConfiguration(
      // The metadata of a stream are compared with it, so naming them names the stream.
      streams: configuration.streams?.map { $0.describedStream ?? $0 }, includeSystem: configuration.includeSystem)
    restore.filter = form.filter
    restore.until = form.until
    restore.dropsExpired = form.dropsExpired
    restore.expiredAt = form.expiredAt
    restore.undeletes = form.undeletes
    try self.init(archive, restore)
  }

  /// Which events of a server a comparison expects.
  ///
  /// - Throws: `invalidArgument`.
  init(_ configuration: CompareConfiguration) throws {
    guard !configuration.form.needsArchive else {
      throw ReplicationError(.invalidArgument, "only an archive has moments, and ages at a moment")
    }
    try self.init(RestoreScope(configuration), configuration.form.filter)
  }
}
