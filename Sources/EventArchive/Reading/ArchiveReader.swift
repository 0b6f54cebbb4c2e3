public import EventStoreCore

/// Reads an archive, without a lock and without ever changing it, also while it is written.
///
/// It shows the archive as it was when the reader was made. Calls block their thread while they read files.
/// (ARCHIVE-FORMAT, Reading.)
public struct ArchiveReader: Sendable {
  /// How far an archive reaches.
  public struct Checkpoint: Hashable, Sendable {
    /// Everything up to here is archived or was left out on purpose; nil when events have no positions.
    public var position: Position?
    /// When the archive got so far.
    public var recorded: Timestamp
  }

  /// What the archive is.
  public let description: ArchiveDescription
  /// The sealed segments, in order.
  public let segments: [SegmentRecord]
  /// The segment that is still open, if there is one.
  public let openSegment: OpenSegment?
  /// How far the archive reaches; nil when it is empty.
  public let checkpoint: Checkpoint?
  /// What is known to be missing.
  public let gaps: [ArchiveGap]
  /// The SHA-256 of the manifest's last line.
  public let headDigest: SHA256Digest
  /// What is unusual but no fault, in sentences for people: an open segment, a torn tail.
  public let notes: [String]

  /// Opens the archive in `directory`.
  ///
  /// - Throws: `notAnArchive`, `newerFormat`, `damaged`, and the storage's errors.
  public init(directory: String) throws(ArchiveError) {
    throw ArchiveError(.notAnArchive, "there is no archive here", path: directory)
  }

  /// How many events the archive holds, those of the open segment too.
  public var eventCount: Int {
    segments.reduce(openSegment?.events ?? 0) { $0 + $1.events }
  }

  /// All events, in the archive's order.
  public func events() -> ArchiveCursor { ArchiveCursor() }

  /// The events of some streams, in the archive's order, found by the stream indexes without reading the rest.
  public func events(of streams: Set<StreamName>) -> ArchiveCursor { ArchiveCursor() }

  /// What the archive holds of each stream, a page at a time: at most `limit` streams with names after `name`, sorted by name.
  ///
  /// Memory is bounded by `limit` and the index of one segment; every page reads every index.
  /// - Parameter name: Where the page before ended; nil for the first page. A page shorter than `limit` is the last.
  public func streams(after name: StreamName? = nil, limit: Int = 100_000) throws(ArchiveError) -> [StreamSummary] {
    []
  }
}
