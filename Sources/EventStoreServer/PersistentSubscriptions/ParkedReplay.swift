import EventStoreCore

/// How far a group has come with handing out parked events anew.
///
/// An event leaves the parked stream when it was dealt with, not when it was read: what a leader change or an update
/// interrupts is still parked, and can be replayed again.
struct ParkedReplay {
  /// The number of the next parked event to read.
  private(set) var next: EventNumber = 0
  /// The number before which to end; what is parked later waits for the next replay.
  private var end: EventNumber = 0
  /// What was read and is not dealt with.
  private var undone: Set<EventNumber> = []
  private var cleared: EventNumber = 0

  /// Whether there is something that was asked for and not dealt with.
  var isActive: Bool { unread > 0 || !undone.isEmpty }

  /// How many numbers there are to read.
  var unread: Int64 { max(0, end - next) }

  /// A replay of everything before this number was asked for.
  mutating func begin(before end: EventNumber) {
    self.end = max(self.end, end)
  }

  /// Parked events with these numbers were read, and nothing else before `next`.
  mutating func read(_ numbers: [EventNumber], next: EventNumber) {
    undone.formUnion(numbers)
    self.next = max(self.next, next)
  }

  /// There is nothing more to read.
  mutating func reachedEnd() {
    next = max(next, end)
  }

  /// An event was dealt with: acknowledged, skipped, or parked again.
  mutating func finished(_ number: EventNumber) {
    undone.remove(number)
  }

  /// The number before which everything was dealt with, when it is time to say so: at the end, and now and then.
  mutating func newlyCleared(isTimeUp: Bool) -> EventNumber? {
    let lowest = undone.min() ?? next
    guard isTimeUp || !isActive, lowest > cleared else { return nil }
    cleared = lowest
    return lowest
  }
}
