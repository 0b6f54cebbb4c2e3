#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif
import EventStoreCore

/// Where results, and where notes, errors and progress go.
///
/// Results are data and go to standard output; all else goes to standard error. A progress line that stands on a terminal is
/// wiped before anything else is written to it.
package final class Console: Sendable {
  /// Thrown when the reader of standard output has gone, as `head` does: no failure, there is nothing left to do.
  package struct OutputClosed: Error {}

  private let output: Int32
  private let errors: Int32
  private let hasProgressLine = Locked(false)
  /// Whether standard error is a terminal, on which one progress line is rewritten.
  package let isTerminal: Bool

  /// - Parameters:
  ///   - output: the file descriptor for results.
  ///   - errors: the file descriptor for everything else.
  package init(output: Int32 = STDOUT_FILENO, errors: Int32 = STDERR_FILENO) {
    self.output = output
    self.errors = errors
    isTerminal = isatty(errors) == 1
  }

  /// The number of columns of the terminal; 80 where there is none.
  package var columns: Int {
    var size = winsize()
    guard ioctl(errors, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Writes one line of results.
  /// - Throws: `OutputClosed`, or `CommandFailure` when the results could not be written.
  package func print(_ line: String) throws {
    try write(Array((line + "\n").utf8))
  }

  /// Writes results as they are.
  /// - Throws: as `print`.
  package func write(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { try write($0) }
  }

  /// Writes results as they are.
  /// - Throws: as `print`.
  package func write(_ bytes: UnsafeRawBufferPointer) throws {
    switch Self.write(bytes, to: output) {
    case 0: break
    case EPIPE: throw OutputClosed()
    case let code:
      throw CommandFailure(.failed, "standard output could not be written (\(String(cString: strerror(code))))")
    }
  }

  /// Writes one line for people, without secrets.
  ///
  /// When standard error cannot be written there is nobody left to tell, so that is not an error.
  package func note(_ line: String) {
    hasProgressLine.withLock { shown in
      _ = Self.write(Array(((shown ? Self.wipe : "") + Redaction.redacted(line) + "\n").utf8), to: errors)
      shown = false
    }
  }

  /// Shows a line in the place of the one shown before; only on a terminal.
  package func showProgress(_ line: String) {
    let line = String(line.prefix(max(columns - 1, 10)))
    hasProgressLine.withLock { shown in
      _ = Self.write(Array((Self.wipe + line).utf8), to: errors)
      shown = true
    }
  }

  /// Wipes the progress line, if one stands there.
  package func wipeProgress() {
    hasProgressLine.withLock { shown in
      if shown { _ = Self.write(Array(Self.wipe.utf8), to: errors) }
      shown = false
    }
  }

  private static let wipe = "\r\u{1B}[K"

  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
    bytes.withUnsafeBytes { write($0, to: descriptor) }
  }

  /// Writes all bytes; the system's error number, 0 for none.
  private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
    var rest = bytes
    while !rest.isEmpty {
      #if canImport(Glibc)
        let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
      #else
        let written = Darwin.write(descriptor, rest.baseAddress, rest.count)
      #endif
      if written < 0 {
        if errno == EINTR { continue }
        return errno
      }
      rest = UnsafeRawBufferPointer(rebasing: rest[written...])
    }
    return 0
  }
}
