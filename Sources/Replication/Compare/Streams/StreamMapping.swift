import EventStoreCore

/// How the streams and events of the reference stand on the target, if a restore has put them there.
struct StreamMapping: Sendable {
  private let naming: StreamNaming
  private let addsOrigin: Bool
  /// Where links lead; nil while nothing has moved.
  private var links: LinkMapping?

  /// - Parameters:
  ///   - renames: For each stream the first whose prefix fits counts.
  ///   - addsOrigin: Whether the metadata of events say where they came from.
  init(_ renames: [StreamRename], addsOrigin: Bool = false) {
    naming = StreamNaming(renames)
    self.addsOrigin = addsOrigin
  }

  /// Whether streams have other names.
  var renames: Bool { !naming.isIdentity }

  /// The mapping that follows links into streams that moved.
  func following(_ links: LinkMapping) -> StreamMapping {
    var mapping = self
    mapping.links = links
    return mapping
  }

  /// The stream's name on the target; metadata follow their stream.
  func onTarget(_ stream: StreamName) -> StreamName {
    naming.name(of: stream)
  }

  /// The event as it stands on the target: a link leads to the event's place there.
  func onTarget(_ event: RecordedEvent) -> RecordedEvent {
    var mapped = event
    if let links, event.isLink, let link = LinkTarget(event.data), links.isRestored(link) {
      let target = LinkTarget(stream: onTarget(link.stream), number: links.number(of: link))
      if target != link { mapped.data = target.data }
    }
    if addsOrigin, let metadata = OriginMetadata.metadata(of: event) { mapped.metadata = metadata }
    return mapped
  }

  /// Whether a stream of the target can be one that `selection` takes, under the name that it has there.
  func canHold(_ stream: StreamName, of selection: RestoreSelection) -> Bool {
    naming.origins(of: stream).contains { selection.takes($0) }
  }

  /// Makes sure that no two of these streams have one name on the target.
  /// - Throws: `invalidArgument`.
  func check(_ streams: some Sequence<StreamName>) throws(ReplicationError) {
    var collisions = NameCollisions(naming)
    for stream in streams { try collisions.saw(stream) }
    try collisions.check()
  }
}
