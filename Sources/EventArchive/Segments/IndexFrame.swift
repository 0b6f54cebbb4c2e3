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

  /// The whole skippable frame.
  ///
  /// - Throws: `tooLarge` when the index is larger than any reader takes; `outOfMemory`.
  static func encode(_ index: StreamIndex) throws(ZstdError) -> [UInt8] {
    let layout = index.encoded()
    guard layout.count <= maximumLayoutBytes else {
      throw ZstdError(.tooLarge, "the stream index exceeds \(maximumLayoutBytes) bytes")
    }
    return SkippableFrame.encode(kind: kind, content: tag + (try ZstdCompressor(level: 3).compress(layout)))
  }

  /// The index that `frame`, at `offset` of the file, holds.
  ///
  /// - Parameter wanted: The streams that the index is to hold; nil for all.
  /// - Throws: `SegmentDamage` of code `index`.
  static func decode(
    _ frame: Bytes, at offset: Int, only wanted: WantedStreams? = nil
  ) throws(SegmentDamage) -> StreamIndex {
    func damage(_ what: String) -> SegmentDamage { SegmentDamage(.index, "the stream index \(what)", offset: offset) }
    guard let header = SkippableFrame(header: frame), header.kind == kind, header.frameBytes == frame.count else {
      throw damage("is not where the seek table says")
    }
    let content = frame.slice(SkippableFrame.headerBytes..<frame.count)
    guard content.starts(with: tag) else { throw damage("does not begin with its tag") }
    let layout: ZstdBuffer
    do {
      let decompressor = try ZstdDecompressor()
      layout = try content.slice(tag.count..<content.count).withUnsafeBytes { (bytes) throws(ZstdError) in
        try decompressor.decompress(bytes, maximumBytes: maximumLayoutBytes)
      }
    } catch {
      throw damage("does not decompress: \(error)")
    }
    guard let index = layout.withUnsafeBytes({ StreamIndex(encoded: $0, only: wanted) }) else {
      throw damage("is not well formed")
    }
    return index
  }
}
