import EventStoreCore

/// How the streams and events of the reference stand on the target: under the names that a restore with renames gave them.
struct StreamMapping: Hashable, Sendable {
  private let naming: StreamNaming

  /// - Parameter renames: For each stream the first whose prefix fits counts.
  init(_ renames: [StreamRename]) {
    naming = StreamNaming(renames)
  }

  /// The stream's name on the target; metadata follow their stream.
  func onTarget(_ stream: StreamName) -> StreamName {
    naming.name(of: stream)
  }

  /// The event as it stands on the target: a link leads to the stream's name there.
  func onTarget(_ event: RecordedEvent) -> RecordedEvent {
    guard !naming.isIdentity, event.isLink, let link = LinkTarget(event.data) else { return event }
    let name = onTarget(link.stream)
    guard name != link.stream else { return event }
    var event = event
    event.data = Bytes(Array("\(link.number)@".utf8) + name.utf8)
    return event
  }

  /// Makes sure that no two of these streams have one name on the target.
  /// - Throws: `invalidArgument`.
  func check(_ streams: some Sequence<StreamName>) throws(ReplicationError) {
    var collisions = NameCollisions(naming)
    for stream in streams { try collisions.saw(stream) }
    try collisions.check()
  }
}
