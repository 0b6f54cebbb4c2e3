package import EventStoreCore

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file that is made with the first thing written to it, private (0600), and never replaces another.
package actor NewFile {
  /// Where it is, or will be.
  package nonisolated let path: String
  /// What it is, for messages: "rejects file".
  private nonisolated let name: String
  /// The option that names another one.
  private nonisolated let option: String
  private var descriptor: Int32?

  package init(path: String, name: String, option: String) {
    self.path = path
    self.name = name
    self.option = option
  }

  deinit {
    if let descriptor { close(descriptor) }
  }

  /// A new name beside the archive: `shop.rejects-20261124T201500Z.ndjson`.
  package static func path(besides archive: String, _ word: String, at moment: Timestamp) -> String {
    var directory = archive
    while directory.count > 1, directory.hasSuffix("/") { directory.removeLast() }
    let digits = moment.description.prefix(19).filter { $0.isNumber || $0 == "T" }
    return "\(directory).\(word)-\(digits)Z.ndjson"
  }

  /// Refuses a path at which there is something already, before any work is done.
  /// - Throws: `CommandFailure` `usage`.
  package nonisolated func checkIsNew() throws {
    guard access(path, F_OK) != 0 else {
      throw CommandFailure(.usage, "the \(name) \(path) is there already", hint: "name another one with \(option)")
    }
  }

  /// Whether something was written.
  package var isMade: Bool { descriptor != nil }

  /// Adds bytes, durably.
  /// - Throws: `CommandFailure` when they cannot be kept.
  package func append(_ bytes: [UInt8]) throws {
    let file = try descriptor ?? opened()
    descriptor = file
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
      if written < 0 {
        if errno == EINTR { continue }
        throw failure(errno)
      }
      rest = rest.dropFirst(written)
    }
    guard fsync(file) == 0 else { throw failure(errno) }
  }

  private func opened() throws -> Int32 {
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw failure(errno) }
    return file
  }

  private func failure(_ code: Int32) -> CommandFailure {
    CommandFailure(
      .failed, "the \(name) \(path) cannot be written (\(String(cString: strerror(code))))",
      hint: "name another one with \(option)")
  }
}
