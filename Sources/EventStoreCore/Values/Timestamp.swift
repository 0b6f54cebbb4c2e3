/// A moment in UTC, in units of 100 nanoseconds since 1970, with the precision that the server gave.
public struct Timestamp: Hashable, Sendable {
  /// How exact the moment is, and so how many decimals its text has.
  public enum Precision: Hashable, Sendable {
    /// Three decimals.
    case milliseconds
    /// Seven decimals: what EventStore keeps.
    case ticks
  }

  /// Units of 100 nanoseconds since 1970-01-01T00:00:00Z.
  public let ticks: Int64
  /// How exact the moment is.
  public let precision: Precision

  public init(ticks: Int64, precision: Precision = .ticks) {
    self.ticks = ticks
    self.precision = precision
  }

  public init(milliseconds: Int64) {
    self.init(ticks: milliseconds * Self.ticksPerMillisecond, precision: .milliseconds)
  }

  /// .NET ticks count from 0001-01-01; this is 1970-01-01 in them.
  package static let dotNetEpochTicks: Int64 = 621_355_968_000_000_000
  package static let ticksPerMillisecond: Int64 = 10_000
  package static let ticksPerSecond: Int64 = 10_000_000

  /// Milliseconds since 1970, rounded down.
  public var milliseconds: Int64 {
    ticks.floorDivided(by: Self.ticksPerMillisecond)
  }
}

extension Timestamp: Comparable {
  public static func < (left: Timestamp, right: Timestamp) -> Bool { left.ticks < right.ticks }
}

extension Int64 {
  /// The quotient rounded towards minus infinity.
  package func floorDivided(by divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
