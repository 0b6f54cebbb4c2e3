// The text form of a moment: RFC 3339 in UTC, `2026-11-23T19:20:00.1234567Z`, years 0001 to 9999.

extension Timestamp: CustomStringConvertible {
  /// RFC 3339 in UTC, with seven decimals, or three when the server gave milliseconds.
  public var description: String {
    String(decoding: utf8Text, as: UTF8.self)
  }

  /// The moments that have a text form: the years 0001 to 9999.
  private static let textRange: Range<Int64> = -621_355_968_000_000_000..<2_534_023_008_000_000_000

  /// The text form as bytes: 28 of them, or 24 with three decimals; the ticks of a moment that has none.
  package var utf8Text: [UInt8] {
    // No year of four digits: only bytes that somebody made up can say that.
    guard Self.textRange.contains(ticks) else { return Array("\(ticks) ticks".utf8) }
    let seconds = ticks.floorDivided(by: Self.ticksPerSecond)
    let fraction = ticks - seconds * Self.ticksPerSecond
    let day = seconds.floorDivided(by: 86_400)
    let second = seconds - day * 86_400
    let date = CivilDate(daysSince1970: day)
    var text: [UInt8] = []
    text.reserveCapacity(28)
    text.appendDigits(date.year, width: 4)
    text.append(UInt8(ascii: "-"))
    text.appendDigits(date.month, width: 2)
    text.append(UInt8(ascii: "-"))
    text.appendDigits(date.day, width: 2)
    text.append(UInt8(ascii: "T"))
    text.appendDigits(second / 3600, width: 2)
    text.append(UInt8(ascii: ":"))
    text.appendDigits(second / 60 % 60, width: 2)
    text.append(UInt8(ascii: ":"))
    text.appendDigits(second % 60, width: 2)
    text.append(UInt8(ascii: "."))
    switch precision {
    case .ticks: text.appendDigits(fraction, width: 7)
    case .milliseconds: text.appendDigits(fraction / Self.ticksPerMillisecond, width: 3)
    }
    text.append(UInt8(ascii: "Z"))
    return text
  }
}

extension Timestamp {
  /// The moment that this text names; nil when it is not of the form `yyyy-mm-ddThh:mm:ss[.f…]Z` with up to seven decimals.
  ///
  /// Exactly three decimals give milliseconds' precision, every other number of them 100 nanoseconds'.
  public init?(_ text: String) {
    self.init(utf8Text: text.utf8)
  }

  /// As `init(_:)`, from bytes.
  package init?(utf8Text: some Collection<UInt8>) {
    var rest = utf8Text[...]
    guard
      let year = rest.takeDigits(4), rest.take("-"), let month = rest.takeDigits(2), rest.take("-"),
      let day = rest.takeDigits(2), rest.take("T"), let hour = rest.takeDigits(2), rest.take(":"),
      let minute = rest.takeDigits(2), rest.take(":"), let second = rest.takeDigits(2),
      (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 60
    else { return nil }
    var fraction: Int64 = 0
    var decimals = 0
    if rest.take(".") {
      while decimals < 7, let digit = rest.takeDigits(1) {
        fraction = fraction * 10 + digit
        decimals += 1
      }
      guard decimals > 0 else { return nil }
      for _ in decimals..<7 { fraction *= 10 }
    }
    guard rest.take("Z"), rest.isEmpty else { return nil }
    let date = CivilDate(year: year, month: month, day: day)
    guard CivilDate(daysSince1970: date.daysSince1970) == date else { return nil }
    let seconds = date.daysSince1970 * 86_400 + hour * 3600 + minute * 60 + second
    self.init(ticks: seconds * Self.ticksPerSecond + fraction, precision: decimals == 3 ? .milliseconds : .ticks)
  }
}

/// A date of the proleptic Gregorian calendar.
private struct CivilDate: Equatable {
  let year: Int64
  let month: Int64
  let day: Int64

  init(year: Int64, month: Int64, day: Int64) {
    (self.year, self.month, self.day) = (year, month, day)
  }

  /// Counts in 400-year eras of years that begin in March, so that the leap day is a year's last.
  init(daysSince1970: Int64) {
    let shifted = daysSince1970 + 719_468
    let era = shifted.floorDivided(by: 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
    month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  var daysSince1970: Int64 {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = shiftedYear.floorDivided(by: 400)
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }
}

extension [UInt8] {
  fileprivate mutating func appendDigits(_ value: Int64, width: Int) {
    var divisor = (1..<width).reduce(Int64(1)) { power, _ in power * 10 }
    for _ in 0..<width {
      append(UInt8(ascii: "0") + UInt8(value / divisor % 10))
      divisor /= 10
    }
  }
}

extension Collection where SubSequence == Self, Element == UInt8 {
  fileprivate mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard first == UInt8(ascii: character) else { return false }
    self = dropFirst()
    return true
  }

  fileprivate mutating func takeDigits(_ count: Int) -> Int64? {
    var value: Int64 = 0
    var rest = self
    for _ in 0..<count {
      guard let digit = rest.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      value = value * 10 + Int64(digit - UInt8(ascii: "0"))
      rest = rest.dropFirst()
    }
    self = rest
    return value
  }
}
