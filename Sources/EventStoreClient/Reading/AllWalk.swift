import EventStoreCore

/// Where an iteration of `$all` stands: says which page to read next, and which of its events are wanted.
///
/// Forward it ends with the last commit that the log had when it began, so it ends also when the log grows as fast as it is
/// read.
struct AllWalk: PageWalk, Hashable, Sendable {
  /// Where the next page begins; nil when there is nothing more.
  private(set) var next: Position?
  private let direction: ReadDirection
  /// The last commit that is wanted forward.
  private let last: Position?

  /// - Parameters:
  ///   - start: the first position.
  ///   - last: the position of the log's newest event, nil for an empty log; without meaning backward.
  init(_ direction: ReadDirection, from start: Position, upTo last: Position?) {
    self.direction = direction
    self.last = last
    next = direction == .forward && last == nil ? nil : start
  }

  /// A page came; the events of it that are wanted.
  mutating func pageRead(_ page: AllPage) -> [ResolvedEvent] {
    next = page.nextPosition == page.position ? nil : page.nextPosition
    guard direction == .forward, let last else { return page.events }
    // The events of one transaction share their commit position, and their prepare positions may go back.
    if page.nextPosition.commit > last.commit { next = nil }
    guard let newest = page.events.last, newest.isBeyond(last) else { return page.events }
    return page.events.filter { !$0.isBeyond(last) }
  }
}

extension ResolvedEvent {
  fileprivate func isBeyond(_ last: Position) -> Bool {
    (position?.commit ?? 0) > last.commit
  }
}
