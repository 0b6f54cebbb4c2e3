package import EventStoreCore
internal import Zstd

/// Reads `count` bytes at `offset` of a file; fewer only at the end of the file.
package typealias ReadBytes = (_ offset: Int, _ count: Int) throws -> Bytes

/// What follows the last frame of a sealed segment: the stream index and the seek table, each in a skippable frame
/// (ARCHIVE-FORMAT.md, "Footer").
package struct SegmentFooter: Hashable, Sendable {
  /// The stream index.
  package let index: StreamIndex
  /// The SHA-256 of the skippable frame with the index.
  package let indexDigest: SHA256Digest
  /// The frames, in the order of the file; as many as the index has, one or more.
  package let locations: [FrameLocation]

  /// How many bytes the frames have together: where the footer begins.
  package var dataBytes: Int { locations.last?.end ?? 0 }

  /// The footer of a segment with this index, whose frames have these sizes.
  ///
  /// - Precondition: there are as many frames as the index has.
  /// - Returns: the bytes to write after the last frame, and the digest of the index among them.
  /// - Throws: `ZstdError` of code `tooLarge` when the index exceeds 256 MiB, or a frame 4 GiB; `outOfMemory`.
  package static func encode(
    index: StreamIndex, frames: [(compressedBytes: Int, contentBytes: Int)]
  ) throws -> (bytes: Bytes, indexDigest: SHA256Digest) {
    precondition(index.frames.count == frames.count, "the index describes other frames")
    return try encode(layout: index.encoded(), frames: frames)
  }

  /// As `encode(index:frames:)`, of an index with this layout.
  static func encode(
    layout: [UInt8], frames: [(compressedBytes: Int, contentBytes: Int)]
  ) throws -> (bytes: Bytes, indexDigest: SHA256Digest) {
    let indexFrame = try IndexFrame.encode(layout)
    let entries = try (frames + [(indexFrame.count, 0)]).map { frame in
      guard let compressed = UInt32(exactly: frame.compressedBytes), let content = UInt32(exactly: frame.contentBytes)
      else {
        throw ZstdError(.tooLarge, "a frame of \(frame.contentBytes) bytes is too large for the seek table")
      }
      return SeekTable.Entry(compressedBytes: compressed, contentBytes: content)
    }
    let bytes = indexFrame + SeekTable(entries: entries).encoded()
    return (Bytes(bytes), indexFrame.withUnsafeBytes { SHA256Digest(ofMemory: $0) })
  }

  /// Reads the footer of a segment file from its end.
  ///
  /// Whatever the file claims, no more memory is taken than the file has bytes, and 256 MiB for the index.
  ///
  /// - Parameter wanted: The streams that the index is to hold, nil for all.
  /// - Throws: `SegmentDamage` of code `seekTable`, `index` or `truncated` when the file has no whole footer; what `read`
  ///   throws.
  package static func decode(
    fileBytes: Int, only wanted: WantedStreams? = nil, read: ReadBytes
  ) throws -> SegmentFooter {
    try SegmentFooter(FooterContent(fileBytes: fileBytes, read: read), only: wanted)
  }

  /// The footer with this content.
  ///
  /// - Parameter wanted: The streams that the index is to hold, nil for all.
  /// - Throws: `SegmentDamage` of code `index`.
  init(_ content: FooterContent, only wanted: WantedStreams? = nil) throws(SegmentDamage) {
    guard let index = content.layout.withUnsafeBytes({ StreamIndex(encoded: $0, only: wanted) }) else {
      throw SegmentDamage(.index, "the stream index is not well formed", offset: content.dataBytes)
    }
    try content.check(frames: index.frames.count)
    self.index = index
    indexDigest = content.indexDigest
    locations = content.locations
  }
}
