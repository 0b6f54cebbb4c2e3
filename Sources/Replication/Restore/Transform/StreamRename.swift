package import EventStoreCore

/// A stream whose name begins with a prefix gets another one: `prefix=newprefix`.
package struct StreamRename: Hashable, Sendable {
  /// What the name begins with; not empty.
  package var prefix: StreamName
  /// What takes its place.
  package var replacement: StreamName

  package init(prefix: StreamName, replacement: StreamName) {
    self.prefix = prefix
    self.replacement = replacement
  }

  /// Reads `prefix=newprefix`; nil when there is no `=` or nothing before it.
  package init?(_ text: String) {
    guard let equals = text.firstIndex(of: "="), equals > text.startIndex else { return nil }
    self.init(prefix: StreamName(String(text[..<equals])), replacement: StreamName(String(text[equals...].dropFirst())))
  }
}

/// What streams are called on the target. The first rename whose prefix fits counts.
struct StreamNaming: Hashable, Sendable {
  private let renames: [StreamRename]

  init(_ renames: [StreamRename]) {
    self.renames = renames
  }

  /// Whether every stream keeps its name.
  var isIdentity: Bool { renames.isEmpty }

  /// The stream's name on the target; metadata streams follow the stream that they describe.
  func name(of stream: StreamName) -> StreamName {
    guard !renames.isEmpty else { return stream }
    if let described = stream.describedStream { return name(of: described).metadataStream }
    guard let rename = renames.first(where: { stream.utf8.starts(with: $0.prefix.utf8) }) else { return stream }
    return StreamName(utf8: rename.replacement.utf8 + stream.utf8.dropFirst(rename.prefix.utf8.count))
  }

  /// All streams that get this name.
  func origins(of name: StreamName) -> [StreamName] {
    let renamed = renames.filter { name.utf8.starts(with: $0.replacement.utf8) }.map { rename in
      StreamName(utf8: rename.prefix.utf8 + name.utf8.dropFirst(rename.replacement.utf8.count))
    }
    return ([name] + renamed).filter { self.name(of: $0) == name }
  }
}
