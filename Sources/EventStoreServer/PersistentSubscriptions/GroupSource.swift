import EventStoreCore

/// How far a group has read its stream: history by number first, then the log as it grows.
///
/// The two overlap where they meet: the place in the log is noted before the last page is read, and what comes again by
/// number is left out. Live events show what a read no longer does: the tombstone, and what a limit has hidden.
struct GroupSource {
  private enum State {
    case history
    case live(place: Int)
  }

  private var state: State
  /// The number below which everything was read, or is not wanted.
  private var next: EventNumber

  /// Begins with the event of this number.
  init(from next: EventNumber) {
    state = .history
    self.next = next
  }

  /// Begins with what the log gets after this place.
  init(after place: Int) {
    state = .live(place: place)
    next = 0
  }

  /// The number that history goes on with; nil when the log is followed.
  var nextOfHistory: EventNumber? {
    switch state {
    case .history: next
    case .live: nil
    }
  }

  /// What to read next.
  func need(maximumCount: Int) -> ConsumerGroupStateMachine.Need {
    switch state {
    case .history: .page(from: next, maximumCount: maximumCount)
    case .live(let place): .live(from: place, maximumCount: maximumCount)
    }
  }

  /// A page came, or there is no such stream.
  /// - Parameter place: how far the log had come before the page was read.
  mutating func pageRead(_ page: StreamPage?, place: Int) -> [ResolvedEvent] {
    guard case .history = state else { return [] }
    let following = max(next, page?.nextEventNumber ?? 0)
    let isStuck = following == next
    next = following
    if isStuck || page?.isEndOfStream != false { state = .live(place: place) }
    return page?.events ?? []
  }

  /// The log was read on.
  mutating func liveRead(_ events: [ResolvedEvent], nextPlace: Int) -> [ResolvedEvent] {
    guard case .live = state else { return [] }
    state = .live(place: nextPlace)
    return events.filter { event in
      guard let number = event.received?.number, number >= next else { return false }
      next = number == .max ? .max : number + 1
      return true
    }
  }
}
