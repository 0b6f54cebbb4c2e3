internal import EventStoreCore

/// What one line of a manifest says. (ARCHIVE-FORMAT, Manifest.)
enum ManifestEntry: Hashable, Sendable {
  /// What the archive is: the first line, and only the first.
  case archive(ArchiveDescription)
  /// A segment was sealed.
  case segment(SegmentRecord)
  /// The source was read further than the last event.
  case checkpoint(CheckpointRecord)
  /// Events are known to be missing.
  case gap(ArchiveGap)
  /// Segments took the place of others.
  case rewrite(RewriteRecord)
}

/// Segments that took the place of others: after a compaction, pruning or redaction.
struct RewriteRecord: Hashable, Sendable {
  /// The sequences of the segments that are no longer part of the archive.
  var replaced: ClosedRange<Int>
  /// What stands in their place; their sequences lie within `replaced`.
  var segments: [SegmentRecord]
  /// Why, in words.
  var reason: String
  /// When this was done.
  var recorded: Timestamp
}
