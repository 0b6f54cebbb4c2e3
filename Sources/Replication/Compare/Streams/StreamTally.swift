import EventArchive
import EventStoreCore

/// How many events of a stream there are, and where they begin and end; a tombstone is none of them.
struct StreamTally: Hashable, Sendable {
  private(set) var events = 0
  /// The lowest number; -1 without events.
  private(set) var first: EventNumber = -1
  /// The highest number; -1 without events.
  private(set) var last: EventNumber = -1
  /// Whether a tombstone ends the stream.
  private(set) var isHardDeleted = false

  init() {}

  /// What an archive's indexes say; they do not tell a tombstone from another event.
  init(_ summary: StreamSummary) {
    (events, first, last) = (summary.events, summary.firstNumber, summary.lastNumber)
  }

  /// Whether the numbers begin at 0 and have no holes; so it is without events.
  var isRegular: Bool { last == EventNumber(events) - 1 }

  /// Whether the stream's last number is one that only a tombstone has: 2^63-1, or 2^31-1 on servers before 4.0.
  var mayBeHardDeleted: Bool { last == .deleted || last == EventNumber(Int32.max) }

  /// The next event.
  mutating func add(_ event: RecordedEvent) {
    guard event.type != .tombstone else {
      isHardDeleted = true
      return
    }
    if events == 0 { first = event.number }
    events += 1
    last = event.number
  }
}
