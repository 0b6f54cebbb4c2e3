internal import EventStoreCore

/// Reads dates in the form `2026-11-23T19:20:00.1234567Z`, and remembers the last day.
struct DateReader {
  private static let dayCount = 11

  /// `2026-11-23T` of the last date: its first and its last eight bytes.
  private var day: (UInt64, UInt64) = (0, 0)
  /// The beginning of that day, in 100 ns since 1970.
  private var dayTicks: Int64 = 0

  /// The moment that `text` names; nil when it is not of the form that `Timestamp` reads.
  mutating func read(_ text: UnsafeRawBufferPointer) -> Timestamp? {
    guard text.count == 28 || text.count == 24, let time = Self.time(text) else { return Timestamp(utf8Text: text) }
    let day = (
      text.loadUnaligned(as: UInt64.self),
      text.loadUnaligned(fromByteOffset: Self.dayCount - 8, as: UInt64.self)
    )
    if day != self.day {
      guard let start = Timestamp(utf8Text: Array(text[..<Self.dayCount]) + Array("00:00:00Z".utf8)) else {
        return nil
      }
      dayTicks = start.ticks
      self.day = day
    }
    return Timestamp(ticks: dayTicks + time, precision: text.count == 24 ? .milliseconds : .ticks)
  }

  /// The time of day in 100 ns; nil when it is not of the usual form.
  @inline(__always)
  private static func time(_ text: UnsafeRawBufferPointer) -> Int64? {
    let decimals = text.count - 21
    guard text[13] == UInt8(ascii: ":"), text[16] == UInt8(ascii: ":"), text[19] == UInt8(ascii: "."),
      text[text.count - 1] == UInt8(ascii: "Z"), let hours = number(text, at: 11, digits: 2), hours < 24,
      let minutes = number(text, at: 14, digits: 2), minutes < 60, let seconds = number(text, at: 17, digits: 2),
      seconds < 60, let fraction = number(text, at: 20, digits: decimals)
    else { return nil }
    let unit = decimals == 3 ? Timestamp.ticksPerMillisecond : 1
    return (hours * 3600 + minutes * 60 + seconds) * Timestamp.ticksPerSecond + fraction * unit
  }

  @inline(__always)
  private static func number(_ text: UnsafeRawBufferPointer, at position: Int, digits: Int) -> Int64? {
    var value: Int64 = 0
    for offset in 0..<digits {
      let digit = text[position + offset] &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      value = value &* 10 &+ Int64(digit)
    }
    return value
  }
}
