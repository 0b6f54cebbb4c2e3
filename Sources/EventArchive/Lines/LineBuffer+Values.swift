internal import EventStoreCore

extension LineBuffer {
  /// Appends the digits of a number that is not negative.
  @inline(__always)
  func append(decimal value: Int64) {
    reserve(20)
    var rest = UInt64(bitPattern: value)
    var digits = 1
    var bound: UInt64 = 10
    while rest >= bound {
      digits &+= 1
      if digits == 20 { break }
      bound &*= 10
    }
    var place = count &+ digits
    count = place
    repeat {
      place &-= 1
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      base[place] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: digit)
      rest = quotient
    } while rest > 0
  }

  /// Appends an id in its text form, in lower case.
  @inline(__always)
  func append(id: EventID) {
    reserve(36)
    let start = base + count
    Self.hex(id.high, from: 60, digits: 8, to: start)
    start[8] = UInt8(ascii: "-")
    Self.hex(id.high, from: 28, digits: 4, to: start + 9)
    start[13] = UInt8(ascii: "-")
    Self.hex(id.high, from: 12, digits: 4, to: start + 14)
    start[18] = UInt8(ascii: "-")
    Self.hex(id.low, from: 60, digits: 4, to: start + 19)
    start[23] = UInt8(ascii: "-")
    Self.hex(id.low, from: 44, digits: 12, to: start + 24)
    count &+= 36
  }

  @inline(__always)
  private static func hex(_ value: UInt64, from topBit: UInt64, digits: Int, to start: UnsafeMutablePointer<UInt8>) {
    var shift = topBit
    for offset in 0..<digits {
      start[offset] = hexDigits[Int(value &>> shift & 15)]
      shift &-= 4
    }
  }

  private static var hexDigits: UnsafePointer<UInt8> { ("0123456789abcdef" as StaticString).utf8Start }

  /// Appends valid UTF-8 as the inside of a JSON string: `"`, `\` and bytes below 0x20 become escapes, all else stays.
  func append(escaping text: UnsafeRawBufferPointer) {
    text.withMemoryRebound(to: UInt8.self) { text in
      guard let source = text.baseAddress else { return }
      var position = 0
      while position < text.count {
        var plainEnd = position
        while plainEnd &+ 8 <= text.count {
          let hits = TextBytes.escaped(TextBytes.word(at: source + plainEnd))
          if hits == 0 {
            plainEnd &+= 8
          } else {
            plainEnd &+= hits.trailingZeroBitCount / 8
            break
          }
        }
        while plainEnd < text.count, !Self.needsEscape(source[plainEnd]) { plainEnd &+= 1 }
        // An escape has at most six bytes.
        reserve(plainEnd &- position &+ 6)
        (base + count).update(from: source + position, count: plainEnd &- position)
        count &+= plainEnd &- position
        position = plainEnd
        if position < text.count {
          count &+= Self.escape(source[position], to: base + count)
          position &+= 1
        }
      }
    }
  }

  @inline(__always)
  private static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  /// Writes the shortest escape of a byte, and says how many bytes it has.
  private static func escape(_ byte: UInt8, to start: UnsafeMutablePointer<UInt8>) -> Int {
    start[0] = UInt8(ascii: "\\")
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): start[1] = byte
    case 0x08: start[1] = UInt8(ascii: "b")
    case 0x09: start[1] = UInt8(ascii: "t")
    case 0x0A: start[1] = UInt8(ascii: "n")
    case 0x0C: start[1] = UInt8(ascii: "f")
    case 0x0D: start[1] = UInt8(ascii: "r")
    default:
      start[1] = UInt8(ascii: "u")
      start[2] = UInt8(ascii: "0")
      start[3] = UInt8(ascii: "0")
      start[4] = hexDigits[Int(byte >> 4)]
      start[5] = hexDigits[Int(byte & 15)]
      return 6
    }
    return 2
  }

  /// Appends the Base64 of some bytes (RFC 4648, section 4), padded.
  func append(base64 content: UnsafeRawBufferPointer) {
    reserve((content.count &+ 2) / 3 &* 4)
    var place = base + count
    var position = 0
    while position &+ 3 <= content.count {
      let group = UInt32(content[position]) << 16 | UInt32(content[position &+ 1]) << 8 | UInt32(content[position &+ 2])
      Self.base64(group, to: place)
      place += 4
      position &+= 3
    }
    if position < content.count {
      let second = position &+ 1 < content.count ? UInt32(content[position &+ 1]) : 0
      Self.base64(UInt32(content[position]) << 16 | second << 8, to: place)
      place[3] = UInt8(ascii: "=")
      if position &+ 1 == content.count { place[2] = UInt8(ascii: "=") }
      place += 4
    }
    count = place - base
  }

  @inline(__always)
  private static func base64(_ group: UInt32, to start: UnsafeMutablePointer<UInt8>) {
    let digits = ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/" as StaticString).utf8Start
    start[0] = digits[Int(group >> 18 & 63)]
    start[1] = digits[Int(group >> 12 & 63)]
    start[2] = digits[Int(group >> 6 & 63)]
    start[3] = digits[Int(group & 63)]
  }
}
