import EventStoreCore

/// Notices two streams of an archive that renames would make one.
struct NameCollisions {
  private let naming: StreamNaming
  /// The streams that get another name, by that name.
  private var renamed: [StreamName: StreamName] = [:]
  private var kept: Set<StreamName> = []

  init(_ naming: StreamNaming) {
    self.naming = naming
  }

  /// A stream is taken.
  /// - Throws: `invalidArgument` for two that get the same name.
  mutating func saw(_ stream: StreamName) throws(ReplicationError) {
    guard !naming.isIdentity else { return }
    let name = naming.name(of: stream)
    guard name != stream else {
      kept.insert(stream)
      return
    }
    if let other = renamed.updateValue(stream, forKey: name) { throw Self.collision(stream, other, name) }
  }

  /// All streams were seen.
  /// - Throws: `invalidArgument` for a new name that another stream has.
  func check() throws(ReplicationError) {
    guard let (name, stream) = renamed.first(where: { kept.contains($0.key) }) else { return }
    throw Self.collision(stream, name, name)
  }

  private static func collision(_ one: StreamName, _ other: StreamName, _ name: StreamName) -> ReplicationError {
    ReplicationError(
      .invalidArgument, "streams \(one) and \(other) would both be called \(name)", stream: one,
      hint: "choose another new prefix with --rename")
  }
}
