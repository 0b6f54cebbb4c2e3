internal import CZstd
internal import Synchronization

/// Decompresses zstd frames into memory that the caller bounds.
///
/// The context is reused from frame to frame. Calls from several threads wait for each other: give every worker its own.
package final class ZstdDecompressor: @unchecked Sendable {
  // Unchecked: the context is only used while `turn` is held.
  private let context: OpaquePointer
  private let turn = Mutex(())

  /// - Throws: `outOfMemory`.
  package init() throws(ZstdError) {
    // NULL when there is no memory.
    guard let created = ZSTD_createDCtx() else { throw ZstdError(.outOfMemory, "no memory to decompress with") }
    context = created
  }

  deinit {
    // Returns 0 always for a context that is not part of static memory.
    _ = ZSTD_freeDCtx(context)
  }

  /// The content of `frame`, which holds exactly one zstd frame and nothing else.
  ///
  /// The checksum is checked when the frame has one. Whatever the frame claims, no more than `maximumBytes` are allocated for
  /// its content.
  ///
  /// - Throws: `tooLarge` when the content exceeds `maximumBytes`; `notAFrame`, also for a skippable frame; `truncated`,
  ///   `wrongChecksum`; `corrupted`, also for bytes after the frame's end; `outOfMemory`.
  package func decompress(_ frame: UnsafeRawBufferPointer, maximumBytes: Int) throws(ZstdError) -> ZstdBuffer {
    let buffer = ZstdBuffer(capacity: 1)
    try decompress(frame, into: buffer, maximumBytes: maximumBytes)
    return buffer
  }

  /// As `decompress(_:maximumBytes:)`, in memory that is the caller's alone; what it held before is lost, whatever happens.
  package func decompress(
    _ frame: UnsafeRawBufferPointer, into buffer: ZstdBuffer, maximumBytes: Int
  ) throws(ZstdError) {
    switch try ZstdFrame.contentSize(frame) {
    case .known(let size):
      guard size <= UInt64(Swift.max(maximumBytes, 0)) else {
        throw ZstdError(.tooLarge, "the frame holds \(size) bytes, more than the \(maximumBytes) allowed")
      }
      try decompress(frame, into: buffer, exactly: Int(size))
    case .unknown:
      try stream(frame, into: buffer, maximumBytes: maximumBytes)
    }
  }

  private func decompress(
    _ frame: UnsafeRawBufferPointer, into buffer: ZstdBuffer, exactly size: Int
  ) throws(ZstdError) {
    guard try ZstdFrame.compressedSize(frame) == frame.count else {
      throw ZstdError(.corrupted, "bytes follow the end of the frame")
    }
    buffer.reuse(capacity: size)
    let free = buffer.free
    // The size of the content, or an error code; one whole frame is given, so the size is that of the frame's header.
    let result = turn.withLock { _ in
      ZSTD_decompressDCtx(context, free.baseAddress, size, frame.baseAddress, frame.count)
    }
    let count = try ZstdError.check(result)
    guard count == size else { throw ZstdError(.corrupted, "the frame's content has not the size it claims") }
    buffer.advance(by: count)
  }

  /// For frames that do not say how much they hold: written by a program that streamed into zstd.
  private func stream(
    _ frame: UnsafeRawBufferPointer, into buffer: ZstdBuffer, maximumBytes: Int
  ) throws(ZstdError) {
    let limit = Swift.max(maximumBytes, 0)
    buffer.reuse(capacity: Swift.min(limit, 64 << 10))
    try turn.withLock { _ throws(ZstdError) in
      // Returns 0 always when only the session is reset.
      _ = try ZstdError.check(ZSTD_DCtx_reset(context, ZSTD_reset_session_only))
      var input = ZSTD_inBuffer(src: frame.baseAddress, size: frame.count, pos: 0)
      while true {
        let free = buffer.free
        var output = ZSTD_outBuffer(dst: free.baseAddress, size: Swift.min(free.count, limit - buffer.count), pos: 0)
        let before = input.pos
        // 0 at the end of a frame, an error code, or how much input is likely to be wanted next.
        let wanted = try ZstdError.check(ZSTD_decompressStream(context, &output, &input))
        buffer.advance(by: output.pos)
        if wanted == 0 {
          guard input.pos == input.size else { throw ZstdError(.corrupted, "bytes follow the end of the frame") }
          return
        }
        if output.pos == output.size {
          guard buffer.count < limit else {
            throw ZstdError(.tooLarge, "the frame holds more than the \(maximumBytes) bytes allowed")
          }
          if buffer.count == buffer.capacity { buffer.resize(to: Swift.min(limit, buffer.capacity * 2)) }
        } else if input.pos == input.size || (input.pos == before && output.pos == 0) {
          throw ZstdError(.truncated, "the bytes end before the frame does")
        }
      }
    }
  }

  /// As `decompress(_:maximumBytes:)`, with arrays.
  package func decompress(_ frame: [UInt8], maximumBytes: Int) throws(ZstdError) -> [UInt8] {
    do {
      let content = try frame.withUnsafeBytes { try decompress($0, maximumBytes: maximumBytes) }
      return content.withUnsafeBytes { Array($0) }
    } catch let error as ZstdError {
      throw error
    } catch {
      preconditionFailure("decompress throws nothing else")
    }
  }
}
