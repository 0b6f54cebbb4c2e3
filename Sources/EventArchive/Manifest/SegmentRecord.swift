public import EventStoreCore

/// What the manifest says of a sealed segment.
public struct SegmentRecord: Hashable, Sendable {
  /// One end of a segment: when its event was created and, where the source gave it, its position.
  public struct Edge: Hashable, Sendable {
    public var position: Position?
    public var created: Timestamp

    public init(position: Position?, created: Timestamp) {
      self.position = position
      self.created = created
    }
  }

  /// The place of the segment in the archive, from 1.
  public var sequence: Int
  /// Its file, relative to the archive.
  public var file: String
  /// How many events it holds; at least one.
  public var events: Int
  /// How many distinct streams its events are of.
  public var streams: Int
  /// The size of the file.
  public var compressedBytes: Int
  /// The size of its lines.
  public var rawBytes: Int
  /// The SHA-256 of the file.
  public var digest: SHA256Digest
  /// The SHA-256 of the frame that holds the stream index.
  public var indexDigest: SHA256Digest
  /// Its first event.
  public var first: Edge
  /// Its last event.
  public var last: Edge
  /// The last few events, newest first; empty when events have no positions.
  public var anchors: [Anchor]
  /// Of each stream in the segment the last event, by name; only when the scope is a list of streams.
  public var progress: [StreamProgress]
  /// When it was sealed.
  public var recorded: Timestamp

  public init(
    sequence: Int, file: String, events: Int, streams: Int, compressedBytes: Int, rawBytes: Int, digest: SHA256Digest,
    indexDigest: SHA256Digest, first: Edge, last: Edge, anchors: [Anchor], progress: [StreamProgress],
    recorded: Timestamp
  ) {
    self.sequence = sequence
    self.file = file
    self.events = events
    self.streams = streams
    self.compressedBytes = compressedBytes
    self.rawBytes = rawBytes
    self.digest = digest
    self.indexDigest = indexDigest
    self.first = first
    self.last = last
    self.anchors = anchors
    self.progress = progress
    self.recorded = recorded
  }
  /// Refuses a file of another size than the manifest says.
  ///
  /// - Throws: `damaged`.
  func checkSize(_ size: Int, path: String) throws(ArchiveError) {
    guard size == compressedBytes else {
      throw ArchiveError(
        .damaged, "the segment has \(size) bytes, the manifest says \(compressedBytes)", path: path, segment: sequence,
        hint: "bring the file back from a copy of the archive")
    }
  }
}
