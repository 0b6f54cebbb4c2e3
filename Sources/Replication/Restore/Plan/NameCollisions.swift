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

  /// A stream is taken, or its metadata are, which belong to the stream of that name.
  /// - Throws: `invalidArgument` for two that get the same name, and for a name that no stream can have.
  mutating func saw(_ taken: StreamName) throws(ReplicationError) {
    guard !naming.isIdentity else { return }
    let stream = taken.describedStream ?? taken
    let name = naming.name(of: stream)
    guard name != stream else {
      kept.insert(stream)
      return
    }
    guard !name.utf8.isEmpty, !name.isMetadataStream else {
      throw ReplicationError(
        .invalidArgument, "stream \(stream) cannot be called '\(name)'", stream: stream,
        hint: "a name is not empty, and those that begin with $$ are for stream metadata")
    }
    if let other = renamed.updateValue(stream, forKey: name), other != stream {
      throw Self.collision(stream, other, name)
    }
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
