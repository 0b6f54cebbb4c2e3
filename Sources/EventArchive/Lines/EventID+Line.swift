internal import EventStoreCore

extension EventID {
  /// The id with these 36 characters of text, in either case; nil when they are not of that form.
  init?(line text: UnsafeRawBufferPointer) {
    guard text.count == 36, text[8] == Self.hyphen, text[13] == Self.hyphen, text[18] == Self.hyphen,
      text[23] == Self.hyphen
    else { return nil }
    // Sixteen digits to a number: eight neighbours, or four on each side of a hyphen.
    let first = HexDigits.value(Self.eight(text, 0, 4))
    let second = HexDigits.value(Self.eight(text, 9, 14))
    let third = HexDigits.value(Self.eight(text, 19, 24))
    let fourth = HexDigits.value(Self.eight(text, 28, 32))
    guard let first, let second, let third, let fourth else { return nil }
    self.init(high: UInt64(first) << 32 | UInt64(second), low: UInt64(third) << 32 | UInt64(fourth))
  }

  private static var hyphen: UInt8 { UInt8(ascii: "-") }

  /// Four characters, and four others, the first one lowest.
  @inline(__always)
  private static func eight(_ text: UnsafeRawBufferPointer, _ one: Int, _ other: Int) -> UInt64 {
    UInt64(UInt32(littleEndian: text.loadUnaligned(fromByteOffset: one, as: UInt32.self)))
      | UInt64(UInt32(littleEndian: text.loadUnaligned(fromByteOffset: other, as: UInt32.self))) << 32
  }
}

/// Hexadecimal digits, eight at a time.
enum HexDigits {
  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let highs: UInt64 = 0x8080_8080_8080_8080

  /// The value of eight digits in either case, the first one in the lowest byte; nil when any byte is none.
  @inline(__always)
  static func value(_ digits: UInt64) -> UInt32? {
    let isDigit = within(digits, UInt8(ascii: "0"), UInt8(ascii: "9"))
    let isLetter = within(digits | ones &* 0x20, UInt8(ascii: "a"), UInt8(ascii: "f"))
    // A byte from 0x80 on would carry into the next one, so it is looked at first.
    guard digits & highs == 0, isDigit | isLetter == highs else { return nil }
    var value = (digits & (ones &* 0x0F) &+ (isLetter >> 7) &* 9).byteSwapped
    value = (value | value >> 4) & 0x00FF_00FF_00FF_00FF
    value = (value | value >> 8) & 0x0000_FFFF_0000_FFFF
    return UInt32(truncatingIfNeeded: value | value >> 16)
  }

  /// The high bit of each byte that is between two others; for bytes below 0x80.
  @inline(__always)
  private static func within(_ word: UInt64, _ low: UInt8, _ high: UInt8) -> UInt64 {
    (word &+ ones &* UInt64(0x80 - low)) & ~(word &+ ones &* UInt64(0x7F - high)) & highs
  }
}
