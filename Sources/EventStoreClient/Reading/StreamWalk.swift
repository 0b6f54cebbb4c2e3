import EventStoreCore

/// Where an iteration of a stream stands: says which page to read next, and which of its events are wanted.
///
/// Forward it ends with the last event that the stream had when the first page was read, so it ends also when the stream
/// grows as fast as it is read.
struct StreamWalk: PageWalk, Hashable, Sendable {
  /// Where the next page begins; nil when there is nothing more.
  private(set) var next: EventNumber?
  private let direction: ReadDirection
  /// The last number that is wanted forward; nil before the first page.
  private var last: EventNumber?

  /// - Parameter start: the first number, `EventNumber.streamEnd` for the end.
  init(_ direction: ReadDirection, from start: EventNumber) {
    self.direction = direction
    next = start
  }

  /// A page came; the events of it that are wanted.
  mutating func pageRead(_ page: StreamPage) -> [ResolvedEvent] {
    next = page.isEndOfStream ? nil : page.nextEventNumber
    guard direction == .forward else { return page.events }
    let last = self.last ?? page.lastEventNumber
    self.last = last
    if let place = next, place > last { next = nil }
    guard let newest = page.events.last, newest.isBeyond(last) else { return page.events }
    return page.events.filter { !$0.isBeyond(last) }
  }
}

extension ResolvedEvent {
  fileprivate func isBeyond(_ last: EventNumber) -> Bool {
    (received?.number ?? 0) > last
  }
}
