/// What single bytes, and eight of them at once, mean in text.
enum TextBytes {
  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let highs: UInt64 = 0x8080_8080_8080_8080

  /// Eight bytes, the first one lowest.
  @inline(__always)
  static func word(at start: UnsafePointer<UInt8>) -> UInt64 {
    UInt64(littleEndian: UnsafeRawPointer(start).loadUnaligned(as: UInt64.self))
  }

  /// The high bit of the first byte that is not plain ASCII in a JSON string: below 0x20, `"`, `\`, or from 0x80 on.
  ///
  /// Bits of later bytes may be set too, wrongly: only the lowest one counts.
  @inline(__always)
  static func unusual(_ word: UInt64) -> UInt64 {
    let control = word &- ones &* 0x20
    let quote = (word ^ ones &* UInt64(UInt8(ascii: "\""))) &- ones
    let backslash = (word ^ ones &* UInt64(UInt8(ascii: "\\"))) &- ones
    return (control | quote | backslash | word) & highs
  }

  /// The high bit of the first byte that is below 0x20 or from 0x80 on; as `unusual(_:)`.
  @inline(__always)
  static func controlOrNotASCII(_ word: UInt64) -> UInt64 {
    (word &- ones &* 0x20 | word) & highs
  }

  /// The high bit of the first byte that an escape must stand for: below 0x20, `"` or `\`; as `unusual(_:)`.
  @inline(__always)
  static func escaped(_ word: UInt64) -> UInt64 {
    let control = word &- ones &* 0x20
    let quote = (word ^ ones &* UInt64(UInt8(ascii: "\""))) &- ones
    let backslash = (word ^ ones &* UInt64(UInt8(ascii: "\\"))) &- ones
    return (control | quote | backslash) & ~word & highs
  }

  /// How many bytes the UTF-8 sequence at `start` has, which begins with a byte from 0x80 on; 0 when it is not well formed
  /// (Unicode, table 3-7).
  @inline(__always)
  static func sequenceLength(at start: UnsafePointer<UInt8>, available: Int) -> Int {
    guard available >= 2 else { return 0 }
    let first = start[0]
    let second = start[1]
    switch first {
    case 0xC2...0xDF:
      return second & 0xC0 == 0x80 ? 2 : 0
    case 0xE0...0xEF:
      guard available >= 3, second & 0xC0 == 0x80, start[2] & 0xC0 == 0x80 else { return 0 }
      // Overlong forms, and surrogates.
      if first == 0xE0 && second < 0xA0 || first == 0xED && second > 0x9F { return 0 }
      return 3
    case 0xF0...0xF4:
      guard available >= 4, second & 0xC0 == 0x80, start[2] & 0xC0 == 0x80, start[3] & 0xC0 == 0x80 else { return 0 }
      // Overlong forms, and what lies beyond U+10FFFF.
      if first == 0xF0 && second < 0x90 || first == 0xF4 && second > 0x8F { return 0 }
      return 4
    default:
      return 0
    }
  }

  /// The value of a hexadecimal digit in either case.
  @inline(__always)
  static func hexDigit(_ character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character &- UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): character &- UInt8(ascii: "a") &+ 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): character &- UInt8(ascii: "A") &+ 10
    default: nil
    }
  }
}

/// What some bytes are, as far as it decides how a line holds them.
enum TextKind {
  /// Valid UTF-8 whose only control characters are TAB, LF and CR.
  case text
  /// Valid UTF-8 with other bytes below 0x20.
  case withControlCharacters
  /// Not valid UTF-8.
  case notUTF8

  init(_ bytes: UnsafeRawBufferPointer) {
    self = bytes.withMemoryRebound(to: UInt8.self) { bytes in
      guard let base = bytes.baseAddress else { return .text }
      return TextKind(base: base, count: bytes.count)
    }
  }

  init(base: UnsafePointer<UInt8>, count: Int) {
    var position = 0
    var kind = TextKind.text
    while position < count {
      while position &+ 8 <= count {
        let hits = TextBytes.controlOrNotASCII(TextBytes.word(at: base + position))
        if hits == 0 {
          position &+= 8
        } else {
          position &+= hits.trailingZeroBitCount / 8
          break
        }
      }
      guard position < count else { break }
      switch base[position] {
      case 0x20...0x7F, 0x09, 0x0A, 0x0D:
        position &+= 1
      case 0x80...0xFF:
        let length = TextBytes.sequenceLength(at: base + position, available: count &- position)
        guard length > 0 else {
          self = .notUTF8
          return
        }
        position &+= length
      default:
        kind = .withControlCharacters
        position &+= 1
      }
    }
    self = kind
  }
}
