import EventArchive
package import EventStoreCore
package import Replication

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The file of events that a target did not take: one line each, `{"reason":…,"event":…}`, the event as archived.
///
/// It is made with the first of them, private (0600), and never replaces a file.
package actor RejectsFile: RejectedEventSink {
  /// Where it is, or will be.
  package nonisolated let path: String
  /// How many events are in it.
  package private(set) var count = 0
  private var descriptor: Int32?

  package init(path: String) {
    self.path = path
  }

  deinit {
    if let descriptor { close(descriptor) }
  }

  /// A new name beside the archive: `shop.rejects-20261124T201500Z.ndjson`.
  package static func defaultPath(besides archive: String, at moment: Timestamp) -> String {
    var directory = archive
    while directory.count > 1, directory.hasSuffix("/") { directory.removeLast() }
    let digits = moment.description.prefix(19).filter { $0.isNumber || $0 == "T" }
    return "\(directory).rejects-\(digits)Z.ndjson"
  }

  /// Refuses a path at which there is something already, before any work is done.
  /// - Throws: `CommandFailure` `usage`.
  package nonisolated func checkIsNew() throws {
    guard access(path, F_OK) != 0 else {
      throw CommandFailure(
        .usage, "the rejects file \(path) is there already", hint: "name another one with --rejects")
    }
  }

  /// Adds an event, durably.
  /// - Throws: `CommandFailure` when it cannot be kept.
  package func reject(_ rejected: RejectedEvent) throws {
    let line = try Self.line(rejected)
    let file = try descriptor ?? opened()
    descriptor = file
    var rest = line[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
      if written < 0 {
        if errno == EINTR { continue }
        throw failure(errno)
      }
      rest = rest.dropFirst(written)
    }
    guard fsync(file) == 0 else { throw failure(errno) }
    count += 1
  }

  private static func line(_ rejected: RejectedEvent) throws -> [UInt8] {
    var encoder = EventLineEncoder()
    let buffer = LineBuffer()
    try encoder.append(rejected.event, to: buffer)
    let reason = JSONValue.string(Redaction.redacted(rejected.reason)).text
    return Array("{\"reason\":\(reason),\"event\":".utf8) + buffer.copy().dropLast() + Array("}\n".utf8)
  }

  private func opened() throws -> Int32 {
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw failure(errno) }
    return file
  }

  private func failure(_ code: Int32) -> CommandFailure {
    CommandFailure(
      .failed, "the rejects file \(path) cannot be written (\(String(cString: strerror(code))))",
      hint: "name another one with --rejects")
  }
}
