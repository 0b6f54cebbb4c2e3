internal import EventStoreCore
package import Zstd

/// Turns a frame's lines into the frame.
package enum FrameEncoder {
  /// - Throws: `outOfMemory`.
  package static func encode(_ frame: RawFrame, with compressor: ZstdCompressor) throws(ZstdError) -> CompressedFrame {
    let buffer = try frame.content.withUnsafeBytes { (content) throws(ZstdError) in try compressor.compress(content) }
    return CompressedFrame(
      bytes: Bytes(owner: buffer, memory: buffer.bytes), digest: SHA256Digest(of: buffer.bytes),
      contentBytes: frame.content.count, summary: frame.summary)
  }
}
