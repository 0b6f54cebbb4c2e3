import EventArchive
import EventStoreCore

/// Neighbouring numbers of a stream whose events cannot be read, until what follows them can.
struct MissingNumbers {
  /// A source of which so many neighbours in a row cannot be read is broken as a whole.
  static let limit = 1000

  private let stream: StreamName
  private var numbers: ClosedRange<EventNumber>?
  private var reason = ""

  init(_ stream: StreamName) {
    self.stream = stream
  }

  /// Takes in the next number; false when there are too many.
  mutating func add(_ number: EventNumber, reason: String) -> Bool {
    let first = numbers?.lowerBound ?? number
    guard number - first < Self.limit else { return false }
    if numbers == nil { self.reason = reason }
    numbers = first...number
    return true
  }

  /// What is missing so far, and why; nil for nothing. It begins anew afterwards.
  mutating func take() -> (extent: ArchiveGap.Extent, reason: String)? {
    defer { numbers = nil }
    return numbers.map { (.numbers(stream, $0), reason) }
  }
}
