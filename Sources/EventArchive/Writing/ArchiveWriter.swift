package import EventStoreCore

/// Adds events to an archive: the one writer it can have at a time.
///
/// Calls are carried out one after the other. What `append` took is durable after the next `sync`, which comes by itself
/// within the sync interval while events arrive; when none do, the caller calls it. After an error of the storage the
/// writer has stopped for good: every later call throws `closed`, and the next `open` recovers. (ARCHIVE-FORMAT, Order of
/// writing.)
package actor ArchiveWriter {
  /// What the archive is.
  package nonisolated let description: ArchiveDescription
  /// Where this run continues.
  package nonisolated let resumePoint: ResumePoint
  /// Whether this writer created the archive.
  package nonisolated let isNew: Bool
  /// What opening repaired, in sentences for people.
  package nonisolated let notes: [String]

  init(description: ArchiveDescription, resumePoint: ResumePoint, isNew: Bool, notes: [String]) {
    self.description = description
    self.resumePoint = resumePoint
    self.isNew = isNew
    self.notes = notes
  }

  /// Opens the archive in `directory` for writing, after whatever has happened to it, or creates it.
  ///
  /// - Parameters:
  ///   - directory: The archive. It is created if it is missing or empty; its parent must be there.
  ///   - creating: What a new archive would be. Of an archive that exists the scope must be the same; the rest stays as it is.
  ///   - now: The time, for what is recorded and for intervals.
  /// - Throws: `notAnArchive` for a directory with other things in it, `locked`, `scopeMismatch`, `newerFormat`,
  ///   `damaged` (nothing was changed), and the storage's errors.
  package static func open(
    directory: String, creating: ArchiveDescription, options: ArchiveOptions = ArchiveOptions(),
    now: @escaping @Sendable () -> Timestamp = { .now }
  ) async throws(ArchiveError) -> ArchiveWriter {
    ArchiveWriter(description: creating, resumePoint: ResumePoint(), isNew: true, notes: [])
  }

  /// Adds events, in the archive's order, and waits while too much is under way.
  ///
  /// For `$all` each (commit, prepare) comes after the one before; for a list of streams each number comes after the
  /// stream's one before.
  /// - Throws: `outOfOrder`, `closed`, and the storage's errors.
  package func append(_ events: [RecordedEvent]) async throws(ArchiveError) {}

  /// Makes everything that was appended durable.
  package func sync() async throws(ArchiveError) {}

  /// Says that the source was read up to `position` and everything not appended so far was left out on purpose.
  ///
  /// Written to the manifest when no segment is open, at most once per segment age, and by `finish()`.
  /// - Parameter anchors: Events of the source, newest first, left out ones too.
  package func recordCheckpoint(_ position: Position, anchors: [Anchor]) async throws(ArchiveError) {}

  /// Records durably that events are missing.
  package func recordGap(_ extent: ArchiveGap.Extent, reason: String) async throws(ArchiveError) {}

  /// Seals the open segment, records the checkpoint, and gives the lock back; a run without news writes nothing.
  ///
  /// The writer is closed afterwards.
  package func finish() async throws(ArchiveError) {}

  /// Gives the lock back and leaves the archive as it is, as a crash would; for a run that failed.
  package func abandon() async {}

  /// The position of the newest event, or recorded checkpoint, that is durable.
  package var durablePosition: Position? { nil }

  /// What this writer has added.
  package var totals: ArchiveTotals { ArchiveTotals() }

  /// The SHA-256 of the manifest's last line.
  package var headDigest: SHA256Digest { .zero }
}
