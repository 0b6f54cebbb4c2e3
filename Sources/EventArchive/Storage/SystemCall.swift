internal import Glibc

/// What calls of the system have in common.
enum SystemCall {
  /// The most that one call is asked to move; Linux moves at most 2 GiB.
  static let maximumTransferBytes = 1 << 30

  /// Makes a call again for as long as a signal interrupts it.
  static func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
    while true {
      let result = call()
      if result >= 0 || errno != EINTR { return result }
    }
  }

  /// The error that `errno` stands for. Leaves `errno` as it is.
  static func error(_ message: String, path: String) -> ArchiveError {
    let number = errno
    defer { errno = number }
    let cause = String(cString: strerror(number))
    switch number {
    case ENOSPC, EDQUOT:
      return ArchiveError(
        .diskFull, "the disk is full", path: path,
        hint: "free some space and run the same command again: everything up to here is kept", cause: cause)
    case EACCES, EPERM, EROFS:
      return ArchiveError(.accessDenied, message, path: path, hint: "check who may write there", cause: cause)
    default:
      return ArchiveError(.ioFailed, message, path: path, cause: cause)
    }
  }
}
