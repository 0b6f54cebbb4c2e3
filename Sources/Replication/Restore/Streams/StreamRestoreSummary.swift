import EventStoreCore

/// Why nothing more of a stream is restored.
enum StreamEnding: Hashable, Sendable {
  /// Event numbers would change.
  case refused
  /// The target holds something else, or has deleted the stream for ever.
  case conflict
  /// The user may not read or write it.
  case denied
  /// An event was rejected.
  case cutShort
  /// The stream is hard-deleted on the target, as it should be.
  case deleted
}

/// What has become of a stream in this run.
struct StreamRestoreSummary: Hashable, Sendable {
  /// Where the target's stream ended when the run came to it; nil while nobody has looked.
  private(set) var headAtFirst: TargetHead?
  /// The number on the target of the newest event that the archive gave so far; -1 before the first.
  var lastArrived: EventNumber = -1
  /// The highest number that is on the target, by this run or before it; -1 before the first.
  private(set) var lastSettled: EventNumber = -1
  /// Where the target's stream ends, as far as the run knows; nil while nobody has looked.
  private(set) var lastOnTarget: EventNumber?
  /// Events written.
  var appended = 0
  /// Events proven to be there already.
  var proven = 0
  /// Events that are gone on the target.
  var unproven = 0
  /// Events that the target refused for more than their size, where those after them close up.
  var closedUp = 0
  /// The event number 0 of a stream that is soft-deleted on the target, which is proven later if it can be.
  var setAside: QueuedEvent?
  /// Why nothing more is done; nil while the stream goes on.
  var ending: StreamEnding?

  /// The target's head was read.
  mutating func saw(_ head: TargetHead) {
    if headAtFirst == nil { headAtFirst = head }
    lastOnTarget = head.last
  }

  /// Everything archived up to this number is on the target, or gone there.
  mutating func settled(through number: EventNumber) {
    lastSettled = max(lastSettled, number)
    lastOnTarget = max(lastOnTarget ?? -1, number)
  }

  /// The highest number on the target of an event that the archive holds too; -1 when there is none.
  var lastRestored: EventNumber { max(lastSettled, setAside == nil ? -1 : 0) }

  /// Whether the target had events of the stream before the run.
  var wasThere: Bool { (headAtFirst?.last ?? -1) >= 0 }
}
