internal import EventStoreCore

/// Checks that events come in an order that an archive can have. (ARCHIVE-FORMAT, Invariants.)
struct EventOrder: Hashable, Sendable {
  private let isOrderedByPosition: Bool
  /// Everything up to here has been; nil before the first event, and when events have no positions.
  private(set) var position: Position?
  /// The last number of each stream; only for a list of streams.
  private(set) var numbers: [StreamName: EventNumber]

  /// The order of what follows `resumePoint`.
  init(_ scope: ArchiveScope, after resumePoint: ResumePoint) {
    isOrderedByPosition = scope.isOrderedByPosition
    position = resumePoint.checkpoint
    numbers = resumePoint.streams.mapValues(\.number)
  }

  /// Takes in the next event.
  ///
  /// - Throws: `outOfOrder`; nothing was changed then.
  mutating func accept(_ event: RecordedEvent) throws(ArchiveError) {
    try accept(event.number, at: event.position, of: event.stream)
  }

  /// As `accept(_:)`; the name of the stream is only made when it is needed.
  @inline(__always)
  mutating func accept(
    _ number: EventNumber, at next: Position?, of stream: @autoclosure () -> StreamName
  ) throws(ArchiveError) {
    if isOrderedByPosition {
      guard let next else {
        throw ArchiveError(.outOfOrder, "an event of $all has no position", stream: stream())
      }
      if let position, next <= position {
        throw ArchiveError(
          .outOfOrder, "an event does not come after \(position), as it must", stream: stream(), position: next)
      }
      position = next
    } else {
      let stream = stream()
      if let last = numbers[stream], number <= last {
        throw ArchiveError(
          .outOfOrder, "event \(number) does not come after event \(last), as it must", stream: stream)
      }
      numbers[stream] = number
    }
  }

  /// Takes in the order that follows this one, of the events in a frame.
  ///
  /// - Throws: `outOfOrder`; the order goes on after those events all the same.
  mutating func append(_ next: EventOrder, _ summary: FrameSummary) throws(ArchiveError) {
    defer {
      if let reached = next.position { advance(to: reached) }
      numbers.merge(next.numbers) { max($0, $1) }
    }
    guard !isOrderedByPosition else {
      var order = self
      return try order.accept(summary.spans[0].first, at: summary.span.firstPosition, of: summary.streams.name(0))
    }
    for (index, span) in summary.spans.enumerated() {
      let stream = summary.streams.name(index)
      if let last = numbers[stream], span.first <= last {
        throw ArchiveError(
          .outOfOrder, "event \(span.first) does not come after event \(last), as it must", stream: stream)
      }
    }
  }

  /// Takes in that the source was read up to `position`.
  mutating func advance(to position: Position) {
    self.position = max(self.position ?? position, position)
  }

  /// Whether a segment may end between the last event and `event`: not within one commit position.
  func isBoundary(before event: RecordedEvent) -> Bool {
    !isOrderedByPosition || position?.commit != event.position?.commit
  }
}
