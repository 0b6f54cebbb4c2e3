package import EventArchive
package import EventStoreCore

/// Decides, page by page of `$all`, which events are archived, where the next page begins, and when it is enough.
///
/// Reading begins at the checkpoint, inclusive, and everything not after it is dropped: each event exactly once. It ends
/// with the last event of the commit position that was the end when the run began. Several events can share a commit
/// position: they are handed out together, when what follows shows that there are no more, so that a run that ends in between
/// cuts no transaction.
package struct AllReadStateMachine: Sendable {
  /// What one page means.
  package struct Verdict: Hashable, Sendable {
    /// The events to archive, in order, each with its position.
    package var taken: [RecordedEvent] = []
    /// How many new events were left out: those of system streams, and what the filter does not take.
    package var leftOut = 0
    /// What comes next.
    package var next: Next
  }

  /// What comes after a page.
  package enum Next: Hashable, Sendable {
    /// Read the page that begins here.
    case read(from: Position)
    /// Everything up to the end is read, or the log has no more.
    case end
  }

  private let includeSystem: Bool
  private let selector: EventSelector?
  private let until: Position?
  private let anchorCount: Int
  private var dropped: Position?
  /// The newest event that came.
  package private(set) var newest: Position?
  /// The events of the newest commit, while more of it may come.
  private var held: [(event: RecordedEvent, position: Position)] = []

  /// The newest event that was handed out or left out; nil before the first.
  package private(set) var reached: Position?
  /// The newest events that were read, newest first, left out ones too.
  package private(set) var anchors: [Anchor]
  /// Where the next page begins.
  package private(set) var nextPosition: Position

  /// - Parameters:
  ///   - checkpoint: Everything up to here was handled before; nil for nothing.
  ///   - until: The newest event when the run began; nil to read until the log has no more.
  ///   - selector: Which events of the streams that are included are taken; nil for all.
  package init(
    after checkpoint: Position?, anchors: [Anchor] = [], until: Position?, includeSystem: Bool,
    selector: EventSelector? = nil, anchorCount: Int = 8
  ) {
    self.selector = selector
    self.includeSystem = includeSystem
    self.until = until
    self.anchorCount = anchorCount
    dropped = checkpoint
    newest = checkpoint
    reached = checkpoint
    self.anchors = anchors
    nextPosition = checkpoint ?? .start
  }

  /// A page that was asked for at `nextPosition` arrived.
  ///
  /// - Throws: `unexpectedAnswer` for a page whose events go back, or have no position, or that leads back.
  package mutating func pageArrived(_ page: AllPage) throws(ReplicationError) -> Verdict {
    var verdict = Verdict(next: .end)
    verdict.taken.reserveCapacity(page.events.count)
    var isPastEnd = false
    for resolved in page.events {
      guard let (event, position) = Self.positioned(resolved) else {
        throw ReplicationError(
          .unexpectedAnswer, "the source gave an event of $all without a position", position: nextPosition)
      }
      if let dropped, position <= dropped { continue }
      if let until, position.commit > until.commit {
        isPastEnd = true
        break
      }
      try take(event, at: position, into: &verdict)
    }
    verdict.next = isPastEnd ? .end : try next(after: page)
    switch verdict.next {
    case .read(let position):
      nextPosition = position
      if let newest, position.commit > newest.commit { release(into: &verdict) }
    case .end: release(into: &verdict)
    }
    return verdict
  }

  /// Events came by a feed that continues after `reached`.
  ///
  /// - Parameter isLive: Whether these were all that there were, so that their commits are complete.
  /// - Throws: `unexpectedAnswer`, as for a page.
  package mutating func eventsArrived(
    _ events: [ResolvedEvent], isLive: Bool
  ) throws(ReplicationError) -> Verdict {
    var verdict = Verdict(next: .end)
    for resolved in events {
      guard let (event, position) = Self.positioned(resolved) else {
        throw ReplicationError(.unexpectedAnswer, "the source gave an event of $all without a position")
      }
      if let dropped, position <= dropped { continue }
      try take(event, at: position, into: &verdict)
    }
    if isLive { release(into: &verdict) }
    if let reached { nextPosition = reached }
    return verdict
  }

  /// What lies between the newest event and `position` cannot be read; reading goes on there.
  package mutating func passedOver(to position: Position) -> Verdict {
    var verdict = Verdict(next: .read(from: position))
    nextPosition = position
    if let until, position.commit > until.commit { verdict.next = .end }
    // Events of one commit stay together even when one of them is missing.
    if verdict.next == .end || newest?.commit != position.commit { release(into: &verdict) }
    return verdict
  }

  /// Reading begins again at what is durable, after a failure.
  package mutating func restarted(after durable: Position?) {
    dropped = durable
    newest = durable
    held = []
    reached = durable
    nextPosition = durable ?? .start
  }

  private mutating func take(
    _ event: RecordedEvent, at position: Position, into verdict: inout Verdict
  ) throws(ReplicationError) {
    if let newest, position <= newest {
      throw ReplicationError(
        .unexpectedAnswer, "the source gave position \(position) after \(newest)", position: position)
    }
    newest = position
    if let last = held.last, last.position.commit != position.commit { release(into: &verdict) }
    held.append((event, position))
  }

  /// Hands out the newest commit, which is complete.
  private mutating func release(into verdict: inout Verdict) {
    for (event, position) in held {
      reached = position
      anchors.insert(Anchor(position: position, id: event.id), at: 0)
      if anchors.count > anchorCount { anchors.removeLast(anchors.count - anchorCount) }
      if takes(event) {
        verdict.taken.append(event)
      } else {
        verdict.leftOut += 1
      }
    }
    held.removeAll(keepingCapacity: true)
  }

  private func takes(_ event: RecordedEvent) -> Bool {
    (includeSystem || !event.stream.isSystem) && selector?.takes(event) ?? true
  }

  private func next(after page: AllPage) throws(ReplicationError) -> Next {
    guard page.nextPosition != nextPosition else { return .end }
    guard page.nextPosition > nextPosition else {
      throw ReplicationError(
        .unexpectedAnswer, "the source's page at \(nextPosition) leads back to \(page.nextPosition)",
        position: nextPosition)
    }
    if let until, page.nextPosition.commit > until.commit { return .end }
    return .read(from: page.nextPosition)
  }

  private static func positioned(_ resolved: ResolvedEvent) -> (RecordedEvent, Position)? {
    guard var event = resolved.received, let position = resolved.position ?? event.position else { return nil }
    event.position = position
    return (event, position)
  }
}
