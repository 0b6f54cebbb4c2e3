internal import CZstd
internal import Synchronization

/// Compresses blocks of bytes, each into one zstd frame that stands alone.
///
/// The context, and with it the tables of the library, is reused from frame to frame. Calls from several threads wait for each
/// other: give every worker its own compressor.
package final class ZstdCompressor: @unchecked Sendable {
  // Unchecked: the context is only used while `turn` is held.
  /// The lowest and the highest level that the library takes.
  package static let levels: ClosedRange<Int> = Int(ZSTD_minCLevel())...Int(ZSTD_maxCLevel())

  private let context: OpaquePointer
  private let turn = Mutex(())

  /// A compressor whose frames carry the size of their content, and its checksum unless told otherwise.
  ///
  /// - Throws: `invalidParameter` when the level is not one of `levels`; `outOfMemory`.
  package init(level: Int = 3, checksum: Bool = true) throws(ZstdError) {
    guard Self.levels.contains(level) else {
      throw ZstdError(
        .invalidParameter,
        "the compression level \(level) is not between \(Self.levels.lowerBound) and \(Self.levels.upperBound)")
    }
    // NULL when there is no memory.
    guard let created = ZSTD_createCCtx() else { throw ZstdError(.outOfMemory, "no memory to compress with") }
    do throws(ZstdError) {
      // Each returns an error code when the parameter or its value is refused, else a number without meaning.
      _ = try ZstdError.check(ZSTD_CCtx_setParameter(created, ZSTD_c_compressionLevel, Int32(level)))
      _ = try ZstdError.check(ZSTD_CCtx_setParameter(created, ZSTD_c_checksumFlag, checksum ? 1 : 0))
      _ = try ZstdError.check(ZSTD_CCtx_setParameter(created, ZSTD_c_contentSizeFlag, 1))
    } catch {
      ZSTD_freeCCtx(created)
      throw error
    }
    context = created
  }

  deinit {
    // Returns 0 always for a context that is not part of static memory.
    _ = ZSTD_freeCCtx(context)
  }

  /// The frame that holds `content`.
  ///
  /// - Throws: `outOfMemory`; `tooLarge` when the content exceeds what the library takes.
  package func compress(_ content: UnsafeRawBufferPointer) throws(ZstdError) -> ZstdBuffer {
    let buffer = ZstdBuffer(capacity: 1)
    try compress(content, into: buffer)
    // The bound is far above what most content needs.
    if buffer.count < buffer.capacity / 2 { buffer.resize(to: buffer.count) }
    return buffer
  }

  /// As `compress(_:)`, in memory that is the caller's alone; what it held before is lost, whatever happens.
  package func compress(_ content: UnsafeRawBufferPointer, into buffer: ZstdBuffer) throws(ZstdError) {
    // An error code when the content is too large for one frame; a buffer of this size is never too small.
    buffer.reuse(capacity: try ZstdError.check(ZSTD_compressBound(content.count)))
    let free = buffer.free
    // The size of the frame, or an error code: memory_allocation, or dstSize_tooSmall, which the bound excludes.
    let result = turn.withLock { _ in
      ZSTD_compress2(context, free.baseAddress, free.count, content.baseAddress, content.count)
    }
    buffer.advance(by: try ZstdError.check(result))
  }

  /// As `compress(_:)`, with arrays.
  package func compress(_ content: [UInt8]) throws(ZstdError) -> [UInt8] {
    do {
      return try content.withUnsafeBytes { try compress($0) }.withUnsafeBytes { Array($0) }
    } catch let error as ZstdError {
      throw error
    } catch {
      preconditionFailure("compress throws nothing else")
    }
  }
}
