package import EventStoreCore

/// Why an event cannot be written as a line.
package enum LineRefusal: Error, Hashable, Sendable {
  /// Its line would exceed 256 MiB.
  case tooLong(stream: StreamName, number: EventNumber)
  /// Its number or its position is negative, or its date outside the years 1 to 9999.
  case outOfRange(stream: StreamName, number: EventNumber)
}

extension LineRefusal: CustomStringConvertible {
  package var description: String {
    switch self {
    case .tooLong(let stream, let number):
      "event \(number) of stream '\(stream)' would make a line longer than 256 MiB"
    case .outOfRange(let stream, let number):
      "event \(number) of stream '\(stream)' has a number, a position or a date that no event can have"
    }
  }
}
