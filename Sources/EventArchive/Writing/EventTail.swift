internal import EventStoreCore

/// The end of a segment's events: by what the source is known again, and how far each stream reaches.
struct EventTail: Hashable, Sendable {
  private let keepsProgress: Bool
  private let anchorLimit: Int
  // Oldest first: events come that way.
  private var recent: [Anchor] = []
  private(set) var progress: [StreamName: StreamProgress] = [:]
  /// The position of the last event.
  private(set) var position: Position?
  /// Whether there has been no event.
  private(set) var isEmpty = true

  init(_ scope: ArchiveScope, anchorLimit: Int) {
    keepsProgress = !scope.isOrderedByPosition
    self.anchorLimit = max(anchorLimit, 1)
  }

  /// Takes in the next event.
  mutating func append(_ event: RecordedEvent) {
    isEmpty = false
    if keepsProgress {
      progress[event.stream] = StreamProgress(stream: event.stream, number: event.number, id: event.id)
    } else if let position = event.position {
      self.position = position
      recent.append(Anchor(position: position, id: event.id))
      trim()
    }
  }

  /// Takes in the end of the events that come next.
  mutating func append(_ next: EventTail) {
    isEmpty = isEmpty && next.isEmpty
    position = next.position ?? position
    progress.merge(next.progress) { _, later in later }
    recent += next.recent
    trim()
  }

  private mutating func trim() {
    // In steps, so that most events move nothing.
    if recent.count >= 4 * anchorLimit { recent.removeFirst(recent.count - anchorLimit) }
  }

  /// The last few events, newest first.
  var anchors: [Anchor] {
    recent.suffix(anchorLimit).reversed()
  }
}
