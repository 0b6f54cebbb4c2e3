internal import CZstd

/// Why zstd could not do what was asked.
package struct ZstdError: Error, Hashable, Sendable {
  /// The kinds of failure.
  package enum Code: String, Sendable, CaseIterable {
    /// The bytes do not begin a zstd frame.
    case notAFrame
    /// The bytes end before the frame does.
    case truncated
    /// The frame is not well formed.
    case corrupted
    /// The content does not match the frame's checksum.
    case wrongChecksum
    /// The content is larger than the caller allowed, or needs a larger window than we give.
    case tooLarge
    /// There was no memory.
    case outOfMemory
    /// A parameter, such as the level, is out of range.
    case invalidParameter
    /// Whatever else the library says; its words are in the message.
    case failed
  }

  /// The kind of failure.
  package var code: Code
  /// What happened: lower case, without a full stop.
  package var message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}

extension ZstdError: CustomStringConvertible {
  package var description: String { message }
}

extension ZstdError {
  /// The number that a zstd function returned, or the error that it stands for.
  ///
  /// Every `size_t` result of the library goes through here: values above `ZSTD_isError`'s threshold are error codes.
  static func check(_ result: Int) throws(ZstdError) -> Int {
    guard ZSTD_isError(result) != 0 else { return result }
    throw ZstdError(Code(ZSTD_getErrorCode(result)), String(cString: ZSTD_getErrorName(result)).lowercased())
  }
}

extension ZstdError.Code {
  /// What an error code of the library means to us.
  ///
  /// The C enum is open: later versions of the library may return numbers that this one does not name.
  init(_ code: ZSTD_ErrorCode) {
    switch code {
    case ZSTD_error_prefix_unknown, ZSTD_error_version_unsupported: self = .notAFrame
    case ZSTD_error_srcSize_wrong: self = .truncated
    case ZSTD_error_checksum_wrong: self = .wrongChecksum
    case ZSTD_error_dstSize_tooSmall, ZSTD_error_frameParameter_windowTooLarge: self = .tooLarge
    case ZSTD_error_memory_allocation: self = .outOfMemory
    case ZSTD_error_parameter_unsupported, ZSTD_error_parameter_outOfBound: self = .invalidParameter
    case ZSTD_error_corruption_detected, ZSTD_error_literals_headerWrong, ZSTD_error_frameParameter_unsupported,
      ZSTD_error_dictionary_wrong, ZSTD_error_dictionary_corrupted, ZSTD_error_tableLog_tooLarge,
      ZSTD_error_maxSymbolValue_tooLarge, ZSTD_error_maxSymbolValue_tooSmall:
      self = .corrupted
    default: self = .failed
    }
  }
}
