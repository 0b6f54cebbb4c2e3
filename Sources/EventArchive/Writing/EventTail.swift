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
    append(event.number, event.id, at: event.position, of: event.stream)
  }

  /// As `append(_:)`; the name of the stream is only made when it is needed.
  @inline(__always)
  mutating func append(
    _ number: EventNumber, _ id: EventID, at next: Position?, of stream: @autoclosure () -> StreamName
  ) {
    isEmpty = false
    if keepsProgress {
      let stream = stream()
      progress[stream] = StreamProgress(stream: stream, number: number, id: id)
    } else if let next {
      position = next
      recent.append(Anchor(position: next, id: id))
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
