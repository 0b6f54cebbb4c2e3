/// Who may do what with a stream: names of users and groups for each right, nil where the stream says nothing.
///
/// `$all` stands for everybody. Administrators pass every list, also an empty one.
public struct StreamACL: Hashable, Sendable {
  /// Who may read its events (`$r`).
  public var readers: [String]?
  /// Who may append to it (`$w`).
  public var writers: [String]?
  /// Who may delete it (`$d`).
  public var deleters: [String]?
  /// Who may read its metadata (`$mr`).
  public var metadataReaders: [String]?
  /// Who may write its metadata (`$mw`).
  public var metadataWriters: [String]?

  public init(
    readers: [String]? = nil, writers: [String]? = nil, deleters: [String]? = nil,
    metadataReaders: [String]? = nil, metadataWriters: [String]? = nil
  ) {
    self.readers = readers
    self.writers = writers
    self.deleters = deleters
    self.metadataReaders = metadataReaders
    self.metadataWriters = metadataWriters
  }

  /// The ACL that an object of `$r`, `$w`, `$d`, `$mr` and `$mw` says; nil when it is no such object.
  package init?(_ json: RawJSON) {
    guard case .object = json else { return nil }
    self.init()
    for (name, list) in Self.lists {
      guard let value = json[name] else { continue }
      guard let names = Self.names(value) else { return nil }
      self[keyPath: list] = names
    }
  }

  /// The object that says this, without what is nil.
  var json: RawJSON {
    .object(
      Self.lists.compactMap { name, list in
        self[keyPath: list].map {
          RawJSON.Member(name: Array(name.utf8), value: .array($0.map { RawJSON(text: $0) }))
        }
      })
  }

  // Key paths to stored properties of a Sendable value are safe to share; the compiler cannot see it.
  private nonisolated(unsafe) static let lists: [(String, WritableKeyPath<StreamACL, [String]?>)] = [
    ("$r", \.readers), ("$w", \.writers), ("$d", \.deleters), ("$mr", \.metadataReaders), ("$mw", \.metadataWriters),
  ]

  /// One name, or a list of names; JSON's null is a list that is not there.
  private static func names(_ json: RawJSON) -> [String]?? {
    switch json {
    case .null: return .some(nil)
    case .string:
      guard let name = json.text else { return nil }
      return [name]
    case .array(let elements):
      let names = elements.compactMap(\.text)
      guard names.count == elements.count else { return nil }
      return names
    case .bool, .number, .object: return nil
    }
  }
}
