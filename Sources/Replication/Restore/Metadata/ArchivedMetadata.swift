import EventStoreCore

/// The versions of one stream's metadata that an archive holds.
struct ArchivedMetadata: Sendable {
  /// How many there are.
  private(set) var count = 0
  /// The newest ones that matter: all, or the last state and the last one before a soft delete; never empty.
  private(set) var versions: [RecordedEvent] = []
  private let keepsAll: Bool
  private var ids: Set<EventID> = []
  private var remainders: Set<[UInt8]> = []

  /// - Parameter keepsAll: Whether every version is needed, not only the last state.
  init(_ first: RecordedEvent, keepsAll: Bool = false) {
    self.keepsAll = keepsAll
    add(first)
  }

  /// The next newer version.
  mutating func add(_ event: RecordedEvent) {
    count += 1
    ids.insert(event.id)
    let content = MetadataContent(event.data)
    remainders.insert(content.remainder)
    // Its payload must keep no frame of the archive alive.
    var version = event
    version.data = event.data.detached()
    version.metadata = event.metadata.detached()
    if !keepsAll {
      if content.isSoftDelete {
        if let last = versions.last, MetadataContent(last.data).isSoftDelete { versions.removeLast() }
      } else {
        versions = []
      }
    }
    versions.append(version)
  }

  /// The newest version.
  var last: RecordedEvent { versions[versions.count - 1] }

  /// The versions up to the last one that does not soft-delete the stream; empty when all do.
  var undeleted: [RecordedEvent] {
    var versions = versions
    while let last = versions.last, MetadataContent(last.data).isSoftDelete { versions.removeLast() }
    return versions
  }

  /// Whether this is one of the archived events.
  func holds(_ id: EventID) -> Bool {
    ids.contains(id)
  }

  /// Whether some archived version says the same, but for `$tb`.
  func says(_ content: MetadataContent) -> Bool {
    remainders.contains(content.remainder)
  }
}
