import EventStoreCore

/// Which event numbers of a stream an archive holds, and whether a tombstone ends it.
struct StreamShape: Hashable, Sendable {
  /// Runs of neighbouring numbers, ascending; the tombstone is in none.
  private(set) var ranges: [ClosedRange<EventNumber>] = []
  /// Whether the archive shows the stream hard-deleted.
  private(set) var isHardDeleted = false
  /// How many events there are, without the tombstone.
  private(set) var count: Int

  init(count: Int = 0) {
    self.count = count
  }

  /// The stream's next archived event.
  mutating func add(_ event: RecordedEvent) {
    guard event.type != .tombstone else {
      isHardDeleted = true
      return
    }
    count += 1
    if let last = ranges.last, last.upperBound + 1 == event.number {
      ranges[ranges.count - 1] = last.lowerBound...event.number
    } else {
      ranges.append(event.number...event.number)
    }
  }

  /// The next archived event is one that the target does not take, so that it gets no number.
  mutating func addUnnumbered() {
    count += 1
  }

  /// Whether the numbers begin at 0 and have no holes.
  var isRegular: Bool { !isHardDeleted && ranges.count == 1 && ranges[0].lowerBound == 0 }

  /// The highest number; -1 when there is none.
  var last: EventNumber { ranges.last?.upperBound ?? -1 }

  /// How many events with lower numbers the archive holds: the number among those that it holds, from 0.
  func ordinal(of number: EventNumber) -> EventNumber {
    var ordinal: EventNumber = 0
    for range in ranges {
      guard range.lowerBound < number else { break }
      ordinal += min(range.upperBound, number - 1) - range.lowerBound + 1
    }
    return ordinal
  }

  /// How many numbers after `last` are missing before the archive's highest.
  func holes(after last: EventNumber) -> EventNumber {
    var holes: EventNumber = 0
    var next = last + 1
    for range in ranges where range.upperBound >= next {
      holes += max(range.lowerBound - next, 0)
      next = range.upperBound + 1
    }
    return holes
  }

  /// Whether the archive holds the event of this number.
  func holds(_ number: EventNumber) -> Bool {
    var found = 0..<ranges.count
    while !found.isEmpty {
      let middle = found.lowerBound + found.count / 2
      if ranges[middle].contains(number) { return true }
      found =
        ranges[middle].upperBound < number ? middle + 1..<found.upperBound : found.lowerBound..<middle
    }
    return false
  }

  /// Whether a target whose stream ends at `last` (-1: is not there) can take the rest without any event number changing.
  func fits(after last: EventNumber) -> Bool {
    guard let end = ranges.last else { return true }
    return end.lowerBound <= last + 1
  }

  /// The first archived event after `last` whose number would change on a target that ends there; nil when there is none.
  func firstBeyondHole(after last: EventNumber) -> EventNumber? {
    ranges.first { $0.lowerBound > last + 1 }?.lowerBound
  }
}
