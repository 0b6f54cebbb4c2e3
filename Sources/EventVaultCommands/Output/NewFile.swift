#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file that is made with the first thing written to it, private (0600), and never replaces another.
package actor NewFile {
  private nonisolated let place: NewFilePlace
  /// What it is, for messages: "rejects file".
  private nonisolated let name: String
  /// The option that names another one.
  private nonisolated let option: String
  private var made: (descriptor: Int32, path: String)?

  package init(_ place: NewFilePlace, name: String, option: String) {
    self.place = place
    self.name = name
    self.option = option
  }

  deinit {
    if let made { close(made.descriptor) }
  }

  /// Where it is; nil while nothing was written.
  package var path: String? { made?.path }

  /// Refuses a named path at which there is something already, before any work is done.
  /// - Throws: `CommandFailure` `usage`.
  package nonisolated func checkIsNew() throws {
    guard case .named(let path) = place, access(path, F_OK) == 0 else { return }
    throw CommandFailure(.usage, "the \(name) \(path) is there already", hint: hint)
  }

  /// Adds bytes, durably.
  /// - Throws: `CommandFailure` when they cannot be kept.
  package func append(_ bytes: [UInt8]) throws {
    let (file, path) = try made ?? opened()
    made = (file, path)
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
      if written < 0 {
        if errno == EINTR { continue }
        throw failure(path, errno)
      }
      rest = rest.dropFirst(written)
    }
    guard fsync(file) == 0 else { throw failure(path, errno) }
  }

  /// Takes the first path at which there is nothing.
  private func opened() throws -> (descriptor: Int32, path: String) {
    var (refused, code) = ("", EEXIST)
    for path in place.paths where code == EEXIST {
      let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o600)
      if file >= 0 { return (file, path) }
      (refused, code) = (path, errno)
    }
    throw failure(refused, code)
  }

  private nonisolated var hint: String { "name another one with \(option)" }

  private func failure(_ path: String, _ code: Int32) -> CommandFailure {
    CommandFailure(
      .failed, "the \(name) \(path) cannot be written (\(String(cString: strerror(code))))", hint: hint)
  }
}
