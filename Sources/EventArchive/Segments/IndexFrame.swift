internal import EventStoreCore
internal import Zstd

/// The skippable frame that holds the stream index: a tag, then a zstd frame around the layout.
enum IndexFrame {
  /// Which skippable frame it is.
  static let kind: UInt8 = 1
  /// What its content begins with; the digit is the version of the layout.
  static let tag = Array("EVINDEX1".utf8)
  /// The most bytes that the layout may have.
  static let maximumLayoutBytes = 256 << 20

  /// The whole skippable frame around a layout.
  ///
  /// - Throws: `tooLarge` when the index is larger than any reader takes; `outOfMemory`.
  static func encode(_ layout: [UInt8]) throws(ZstdError) -> [UInt8] {
    guard layout.count <= maximumLayoutBytes else {
      throw ZstdError(.tooLarge, "the stream index exceeds \(maximumLayoutBytes) bytes")
    }
    return SkippableFrame.encode(kind: kind, content: tag + (try ZstdCompressor(level: 3).compress(layout)))
  }

  /// The layout that `frame`, at `offset` of the file, holds.
  ///
  /// - Throws: `SegmentDamage` of code `index`.
  static func decode(_ frame: Bytes, at offset: Int) throws(SegmentDamage) -> ZstdBuffer {
    func damage(_ what: String) -> SegmentDamage { SegmentDamage(.index, "the stream index \(what)", offset: offset) }
    guard let header = SkippableFrame(header: frame), header.kind == kind, header.frameBytes == frame.count else {
      throw damage("is not where the seek table says")
    }
    let content = frame.slice(SkippableFrame.headerBytes..<frame.count)
    guard content.starts(with: tag) else { throw damage("does not begin with its tag") }
    do {
      let decompressor = try ZstdDecompressor()
      return try content.slice(tag.count..<content.count).withUnsafeBytes { (bytes) throws(ZstdError) in
        try decompressor.decompress(bytes, maximumBytes: maximumLayoutBytes)
      }
    } catch {
      throw damage("does not decompress: \(error)")
    }
  }
}
