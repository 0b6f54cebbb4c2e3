internal import CZstd

/// What can be told of a zstd frame without decompressing it (RFC 8878, section 3.1).
package enum ZstdFrame {
  /// How much a frame says that it holds.
  package enum ContentSize: Hashable, Sendable {
    /// So many bytes; as trustworthy as the frame.
    case known(UInt64)
    /// The frame does not say.
    case unknown
  }

  /// The first four bytes of a frame of data.
  package static let magic: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]

  /// How many bytes of `bytes`, which begin a frame of data or a skippable frame, belong to it.
  ///
  /// Only the frame's structure is looked at, not its content.
  ///
  /// - Throws: `truncated` when the frame ends after `bytes` do; `notAFrame`, `corrupted`.
  package static func compressedSize(_ bytes: UnsafeRawBufferPointer) throws(ZstdError) -> Int {
    // The size, or an error code: srcSize_wrong when the bytes end too early, prefix_unknown, corruption_detected.
    try ZstdError.check(ZSTD_findFrameCompressedSize(bytes.baseAddress, bytes.count))
  }

  /// How much the frame that `bytes` begin says that it holds; a skippable frame holds nothing that this can tell.
  ///
  /// - Throws: `truncated` when the bytes end within the header; `notAFrame`.
  package static func contentSize(_ bytes: UnsafeRawBufferPointer) throws(ZstdError) -> ContentSize {
    guard bytes.count >= magic.count else { throw ZstdError(.truncated, "the bytes end before the frame does") }
    guard bytes.starts(with: magic) else { throw ZstdError(.notAFrame, "the bytes are not a zstd frame") }
    // ZSTD_CONTENTSIZE_UNKNOWN is -1, ZSTD_CONTENTSIZE_ERROR -2 (a header that is cut off or malformed).
    switch ZSTD_getFrameContentSize(bytes.baseAddress, bytes.count) {
    case .max: return .unknown
    case .max - 1: throw ZstdError(.truncated, "the header of the frame is not whole")
    case let size: return .known(size)
    }
  }
}
