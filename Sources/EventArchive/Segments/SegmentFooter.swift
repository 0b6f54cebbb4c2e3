package import EventStoreCore

/// Reads `count` bytes at `offset` of a file; fewer only at the end of the file.
package typealias ReadBytes = (_ offset: Int64, _ count: Int) throws -> Bytes

/// What follows the last frame of a sealed segment: the stream index and the seek table, each in a skippable frame.
package struct SegmentFooter: Hashable, Sendable {
  /// Where a frame is, and how large.
  package struct FrameLocation: Hashable, Sendable {
    /// Where in the file the frame begins.
    package var offset: Int64
    /// How many bytes the frame has.
    package var compressedBytes: Int
    /// How many bytes of NDJSON it holds.
    package var contentBytes: Int
  }

  /// The stream index.
  package var index: StreamIndex
  /// The SHA-256 of the skippable frame with the index.
  package var indexDigest: ContentDigest
  /// The frames, in the order of the file; as many as the index has.
  package var locations: [FrameLocation]
  /// How many bytes the frames have together: where the footer begins.
  package var dataBytes: Int64 { locations.last.map { $0.offset + Int64($0.compressedBytes) } ?? 0 }
  /// How many bytes of NDJSON the frames hold together.
  package var contentBytes: Int64 { locations.reduce(0) { $0 + Int64($1.contentBytes) } }

  /// The footer of a segment with this index, whose frames have these sizes.
  ///
  /// - Returns: the bytes to write after the last frame, and the digest of the index among them.
  package static func encode(
    index: StreamIndex, frames: [(compressedBytes: Int, contentBytes: Int)]
  ) throws -> (bytes: Bytes, indexDigest: ContentDigest) {
    fatalError("in the next commit")
  }

  /// Reads the footer of a segment file from its end.
  ///
  /// - Throws: `SegmentDamage` when the file has no whole footer; what `read` throws.
  package static func decode(fileBytes: Int64, read: ReadBytes) throws -> SegmentFooter {
    fatalError("in the next commit")
  }
}
