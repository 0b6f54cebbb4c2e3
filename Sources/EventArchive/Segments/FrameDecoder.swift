package import EventStoreCore
package import Zstd

/// Turns a frame back into its lines.
package struct FrameDecoder {
  /// The most bytes that a frame may hold: one line of the greatest length, and its LF.
  package static let maximumContentBytes = EventLineEncoder.maximumLineBytes + 1

  private let decompressor: ZstdDecompressor

  /// - Throws: `outOfMemory`.
  package init() throws(ZstdError) {
    decompressor = try ZstdDecompressor()
  }

  /// The NDJSON that `frame` holds, checked against its checksum: not empty, and ending with an LF.
  ///
  /// - Parameter offset: where the frame is, for the error.
  /// - Throws: `SegmentDamage` of code `frame`, `truncated` or `line`.
  package func content(of frame: Bytes, at offset: Int) throws(SegmentDamage) -> Bytes {
    let buffer = ZstdBuffer(capacity: 1)
    try decode(frame, at: offset, into: buffer)
    return buffer.withUnsafeBytes { Bytes(owner: buffer, memory: $0) }
  }

  /// As `content(of:at:)`, in memory that is the caller's alone; what it held before is lost.
  func decode(_ frame: Bytes, at offset: Int, into buffer: ZstdBuffer) throws(SegmentDamage) {
    do {
      try frame.withUnsafeBytes { (bytes) throws(ZstdError) in
        try decompressor.decompress(bytes, into: buffer, maximumBytes: Self.maximumContentBytes)
      }
    } catch {
      throw SegmentDamage(
        error.code == .truncated ? .truncated : .frame, "a frame is damaged: \(error)", offset: offset)
    }
    guard buffer.withUnsafeBytes({ $0.last }) == UInt8(ascii: "\n") else {
      throw SegmentDamage(.line, "a frame does not end at the end of a line", offset: offset)
    }
  }

  /// The NDJSON that frame `number` of a sealed segment holds, checked against the index.
  ///
  /// - Throws: as `content(of:at:)`; `index` when the digest or the size is another.
  package func content(of frame: Bytes, number: Int, in footer: SegmentFooter) throws(SegmentDamage) -> Bytes {
    let location = footer.locations[number]
    guard SHA256Digest(of: frame) == footer.index.frames[number].digest else {
      throw SegmentDamage(.frame, "frame \(number) is not the one that the index describes", offset: location.offset)
    }
    let content = try content(of: frame, at: location.offset)
    guard content.count == location.contentBytes else {
      throw SegmentDamage(
        .seekTable, "frame \(number) has not the size that the seek table says", offset: location.offset)
    }
    return content
  }
}
