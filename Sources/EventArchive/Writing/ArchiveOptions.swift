/// How an archive is written.
package struct ArchiveOptions: Hashable, Sendable {
  /// The zstd level, 1 to 19.
  package var compressionLevel: Int
  /// How many frames are compressed at the same time.
  package var compressionWorkers: Int
  /// The NDJSON of one frame; a longer line is a frame of its own.
  package var maximumFrameBytes: Int
  /// The compressed size at which a segment is sealed, at the next commit position.
  package var maximumSegmentBytes: Int
  /// The age at which a segment is sealed, at the next commit position; and the least time between two checkpoints.
  package var maximumSegmentAge: Duration
  /// How much time may pass before what was appended is made durable.
  package var syncInterval: Duration
  /// How many anchors are kept.
  package var anchorCount: Int

  package init(
    compressionLevel: Int = 3, compressionWorkers: Int = 2, maximumFrameBytes: Int = 1 << 20,
    maximumSegmentBytes: Int = 64 << 20, maximumSegmentAge: Duration = .seconds(3600),
    syncInterval: Duration = .seconds(1), anchorCount: Int = 8
  ) {
    self.compressionLevel = compressionLevel
    self.compressionWorkers = compressionWorkers
    self.maximumFrameBytes = maximumFrameBytes
    self.maximumSegmentBytes = maximumSegmentBytes
    self.maximumSegmentAge = maximumSegmentAge
    self.syncInterval = syncInterval
    self.anchorCount = anchorCount
  }
}
