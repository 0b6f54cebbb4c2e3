/// What must be true of a stream for an append to it, or its delete, to happen.
public enum ExpectedVersion: Hashable, Sendable {
  /// Nothing is checked; a repeat after the server restarted is written twice.
  case any
  /// The stream has no events.
  case noStream
  /// The stream has events, and is not soft-deleted.
  case streamExists
  /// The stream's last event has exactly this number.
  case exactly(EventNumber)

  /// The number that stands for this on the wire (TCP).
  package var wireValue: Int64 {
    switch self {
    case .any: -2
    case .noStream: -1
    case .streamExists: -4
    case .exactly(let number): number
    }
  }

  /// The meaning of a number on the wire (TCP); nil for numbers without one.
  package init?(wireValue: Int64) {
    switch wireValue {
    case -2: self = .any
    case -1: self = .noStream
    case -4: self = .streamExists
    case 0...: self = .exactly(wireValue)
    default: return nil
    }
  }

  /// The version that a stream with this last number has; `noStream` for nil.
  package init(after last: EventNumber?) {
    self = last.map { .exactly($0) } ?? .noStream
  }
}

extension ExpectedVersion: CustomStringConvertible {
  public var description: String {
    switch self {
    case .any: "any"
    case .noStream: "no stream"
    case .streamExists: "stream exists"
    case .exactly(let number): "\(number)"
    }
  }
}
