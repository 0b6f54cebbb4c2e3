import EventStoreCore

/// The versions of one stream's metadata that an archive holds.
struct ArchivedMetadata: Sendable {
  /// How many there are.
  private(set) var count = 0
  /// The newest; its payload keeps no frame of the archive alive.
  private(set) var last: RecordedEvent
  private var ids: Set<EventID> = []
  private var contents: [MetadataContent] = []

  init(_ first: RecordedEvent) {
    last = first
    add(first)
  }

  /// The next newer version.
  mutating func add(_ event: RecordedEvent) {
    count += 1
    ids.insert(event.id)
    let content = MetadataContent(event.data)
    if !contents.contains(content) { contents.append(content) }
    last = event
    last.data = event.data.detached()
    last.metadata = event.metadata.detached()
  }

  /// Whether this is one of the archived events.
  func holds(_ id: EventID) -> Bool {
    ids.contains(id)
  }

  /// Whether some archived version says the same, but for `$tb`.
  func says(_ content: MetadataContent) -> Bool {
    contents.contains { $0.isSame(as: content) }
  }
}
