internal import EventStoreCore
package import Zstd

/// Turns a frame's lines into the frame.
package enum FrameEncoder {
  /// - Throws: `outOfMemory`.
  package static func encode(_ frame: RawFrame, with compressor: ZstdCompressor) throws(ZstdError) -> CompressedFrame {
    let buffer = try frame.content.withUnsafeBytes { (content) throws(ZstdError) in try compressor.compress(content) }
    return buffer.withUnsafeBytes { bytes in
      CompressedFrame(
        bytes: Bytes(owner: buffer, memory: bytes), digest: SHA256Digest(ofMemory: bytes),
        contentBytes: frame.content.count, summary: frame.summary)
    }
  }
}
