package import EventStoreCore
internal import Zstd

/// Walks through a segment frame by frame, without its footer: an open one, or one whose footer is damaged.
package struct FrameScanner {
  /// A whole frame.
  package struct Frame: Sendable {
    /// Where in the file the frame begins.
    package var offset: Int64
    /// The zstd frame.
    package var bytes: Bytes
    /// The NDJSON that it holds.
    package var content: Bytes
  }

  /// How the frames of a segment end.
  package enum End: Hashable, Sendable {
    /// With the last whole frame, which is the end of the file.
    case whole
    /// With a footer, whole or not, that begins here.
    case footer(offset: Int64)
    /// With bytes that are not a whole frame; none follows. The file may be cut here.
    case torn(offset: Int64)
    /// With a bad frame that good ones follow: not a torn tail.
    case damaged(SegmentDamage)
  }

  /// How the frames end; nil until `next()` has returned nil.
  package private(set) var end: End?
  /// Where the last whole frame ends.
  package private(set) var offset: Int64 = 0

  private let fileBytes: Int64

  package init(fileBytes: Int64) throws {
    self.fileBytes = fileBytes
  }

  /// The next whole frame; nil at the end, which `end` then describes.
  ///
  /// - Throws: what `read` throws.
  package mutating func next(read: ReadBytes) throws -> Frame? {
    fatalError("in the next commit")
  }
}
