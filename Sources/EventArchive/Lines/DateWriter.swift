internal import EventStoreCore

/// Writes dates as `2026-11-23T19:20:00.1234567Z`, and remembers the last day: neighbouring events mostly share it.
struct DateWriter {
  /// The moments that have a text form: the years 1 to 9999, in 100 ns since 1970.
  static let range: ClosedRange<Int64> = -621_355_968_000_000_000...2_534_023_007_999_999_999

  private static let ticksPerDay = 86_400 * Timestamp.ticksPerSecond

  private var day: Int64 = .min
  /// `2026-11-23T`.
  private var dayText: [UInt8] = []

  /// Appends `date`, which is within `range`.
  mutating func write(_ date: Timestamp, to buffer: LineBuffer) {
    let day = date.ticks.floorDivided(by: Self.ticksPerDay)
    if day != self.day {
      self.day = day
      dayText = Array(date.utf8Text.prefix(11))
    }
    dayText.withUnsafeBytes { buffer.append($0) }
    let ticks = date.ticks &- day &* Self.ticksPerDay
    let (seconds, fraction) = ticks.quotientAndRemainder(dividingBy: Timestamp.ticksPerSecond)
    buffer.reserve(17)
    let start = buffer.base + buffer.count
    Self.write(seconds / 3600, width: 2, to: start)
    start[2] = UInt8(ascii: ":")
    Self.write(seconds / 60 % 60, width: 2, to: start + 3)
    start[5] = UInt8(ascii: ":")
    Self.write(seconds % 60, width: 2, to: start + 6)
    start[8] = UInt8(ascii: ".")
    let decimals: Int
    switch date.precision {
    case .ticks:
      decimals = 7
      Self.write(fraction, width: 7, to: start + 9)
    case .milliseconds:
      decimals = 3
      Self.write(fraction / Timestamp.ticksPerMillisecond, width: 3, to: start + 9)
    }
    start[9 &+ decimals] = UInt8(ascii: "Z")
    buffer.count &+= 10 &+ decimals
  }

  @inline(__always)
  private static func write(_ value: Int64, width: Int, to start: UnsafeMutablePointer<UInt8>) {
    var rest = UInt32(truncatingIfNeeded: value)
    for place in stride(from: width &- 1, through: 0, by: -1) {
      start[place] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
  }
}
