public import EventStoreCore

/// The segment that is still being written, or was when its writer stopped: what whole frames of it there are.
public struct OpenSegment: Hashable, Sendable {
  /// Its place in the archive.
  public var sequence: Int
  /// Its file, relative to the archive.
  public var file: String
  /// The events in its whole frames.
  public var events: Int
  /// The size of its whole frames.
  public var compressedBytes: Int
  /// The size of their lines.
  public var rawBytes: Int
  /// What follows the last whole frame: half a frame, or a footer; it is not read.
  public var tornBytes: Int
  /// Whether it was finished, and only the manifest does not name it yet.
  public var isFinished: Bool
  /// The first event; nil when there is none.
  public var first: SegmentRecord.Edge?
  /// The last event; nil when there is none.
  public var last: SegmentRecord.Edge?
  /// When it was last written to.
  public var modified: Timestamp

  public init(
    sequence: Int, file: String, events: Int, compressedBytes: Int, rawBytes: Int, tornBytes: Int,
    isFinished: Bool, first: SegmentRecord.Edge?, last: SegmentRecord.Edge?, modified: Timestamp
  ) {
    self.sequence = sequence
    self.file = file
    self.events = events
    self.compressedBytes = compressedBytes
    self.rawBytes = rawBytes
    self.tornBytes = tornBytes
    self.isFinished = isFinished
    self.first = first
    self.last = last
    self.modified = modified
  }
}
