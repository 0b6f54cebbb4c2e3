import EventStoreCore

/// Which events of a stream a page holds, and where the next one begins: the rules of a 4.1.4 server.
///
/// A page is a window of numbers. What lies before the first readable number is not there, and a window that lies there
/// wholly is an empty page that is not the stream's end.
struct StreamWindow: Equatable {
  /// The numbers of the page's events, in the direction of the read.
  var numbers: [EventNumber]
  /// Where the next page begins; -1 at the end of a backward read.
  var next: EventNumber
  /// Whether there is nothing more in this direction.
  var isEnd: Bool

  /// The page forward from `number`, 0 or more.
  ///
  /// - Parameter isReadable: whether an event that its number does not hide is young enough.
  static func forward(
    from number: EventNumber, count: Int64, last: EventNumber, metadata: StreamMetadata,
    isReadable: (EventNumber) -> Bool
  ) -> StreamWindow {
    // The window's end wraps around at the largest numbers, as in the real server.
    let windowEnd = number &+ count &- 1
    let first = firstReadable(last: last, metadata: metadata)
    guard windowEnd >= first else { return StreamWindow(numbers: [], next: first, isEnd: false) }
    let start = max(number, first)
    let end = min(windowEnd, last)
    let numbers = start <= end ? (start...end).filter(isReadable) : []
    let next = numbers.last.map { $0 + 1 } ?? min(windowEnd &+ 1, last + 1)
    return StreamWindow(numbers: numbers, next: next, isEnd: windowEnd >= last)
  }

  /// The page backward from `number`; a negative one is the last event.
  static func backward(
    from number: EventNumber, count: Int64, last: EventNumber, metadata: StreamMetadata,
    isReadable: (EventNumber) -> Bool
  ) -> StreamWindow {
    let end = number < 0 ? last : number
    let first = firstReadable(last: last, metadata: metadata)
    guard end >= first else { return StreamWindow(numbers: [], next: -1, isEnd: true) }
    let windowStart = max(0, end - count + 1)
    let start = max(windowStart, first)
    let numbers = start <= min(end, last) ? (start...min(end, last)).reversed().filter(isReadable) : []
    let isEnd = windowStart <= first || (start <= last && numbers.last != start)
    return StreamWindow(numbers: numbers, next: isEnd ? -1 : min(start - 1, last), isEnd: isEnd)
  }

  /// The smallest number that `$maxCount` and `$tb` leave.
  static func firstReadable(last: EventNumber, metadata: StreamMetadata) -> EventNumber {
    var first: EventNumber = 0
    if let maximumCount = metadata.maximumCount { first = max(first, last - maximumCount + 1) }
    if let truncateBefore = metadata.truncateBefore { first = max(first, truncateBefore) }
    return first
  }
}
