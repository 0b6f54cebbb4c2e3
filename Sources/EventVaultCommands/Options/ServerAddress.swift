#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Where a server is and which password to use there, from flags, the environment and a file.
package struct ServerAddress: Equatable, Sendable {
  /// The connection string; can hold a password.
  package let connectionString: String
  /// The password that replaces the one in the connection string; nil when there is none.
  package let password: String?

  /// The connection string without secrets.
  package var redacted: String { Redaction.redacted(connectionString) }

  /// Decides: a flag wins over the environment, and `--password-file` over `EVENTVAULT_PASSWORD`.
  ///
  /// - Parameters:
  ///   - flag: The value of `option`; nil when it is not given.
  ///   - option: `--source` or `--target`.
  ///   - variable: `EVENTVAULT_SOURCE` or `EVENTVAULT_TARGET`.
  ///   - readFile: Gives the content of a file.
  /// - Throws: `usage` when there is no address, and what `readFile` throws.
  package init(
    flag: String?, option: String, variable: String, passwordFile: String?, environment: [String: String],
    readFile: (String) throws -> String = PasswordFile.content
  ) throws {
    guard let text = flag ?? environment[variable], !text.isEmpty else {
      throw CommandFailure(
        .usage, "no server is named",
        hint: "give \(option) URL or set \(variable), for example tcp://admin@localhost:1113")
    }
    connectionString = text
    password =
      try passwordFile.map { try PasswordFile.password(in: readFile($0), path: $0) }
      ?? environment["EVENTVAULT_PASSWORD"]
  }
}

extension ServerAddress: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { redacted }
  package var debugDescription: String { redacted }
  package var customMirror: Mirror { Mirror(self, children: ["connectionString": redacted]) }
}

/// A file that holds a password on its first line.
package enum PasswordFile {
  /// The largest file that can be meant.
  private static let maximumBytes = 64 << 10

  /// The content of the file at `path`; `-` is standard input.
  /// - Throws: `CommandFailure` `usage`.
  package static func content(_ path: String) throws -> String {
    let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(path, errno) }
    defer { if path != "-" { close(descriptor) } }
    var content: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while content.count <= maximumBytes {
      let count = read(descriptor, &chunk, chunk.count)
      if count == 0 { return String(decoding: content, as: UTF8.self) }
      guard count > 0 else {
        if errno == EINTR { continue }
        throw unreadable(path, errno)
      }
      content += chunk[..<count]
    }
    throw CommandFailure(.usage, "the password file \(path) is larger than \(QuantityText.bytes(maximumBytes))")
  }

  /// The first line of `content`.
  package static func password(in content: String, path: String) throws -> String {
    guard let line = content.split(whereSeparator: \.isNewline).first, content.first?.isNewline == false else {
      throw CommandFailure(.usage, "the password file \(path) has no password on its first line")
    }
    return String(line)
  }

  private static func unreadable(_ path: String, _ code: Int32) -> CommandFailure {
    CommandFailure(
      .usage, "the password file \(path) cannot be read (\(String(cString: strerror(code))))",
      hint: "check the path and its mode")
  }
}
