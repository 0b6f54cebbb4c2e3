/// The text of a JSON string that a scanner has found well formed.
enum Unescaping {
  /// The text, as an array: for names and keys.
  static func unescape(_ string: UnsafeRawBufferPointer) -> [UInt8] {
    let buffer = LineBuffer(capacity: string.count)
    unescape(string, to: buffer)
    return buffer.withUnsafeBytes { Array($0) }
  }

  /// Appends the text to `buffer`; it is never longer than the string.
  static func unescape(_ string: UnsafeRawBufferPointer, to buffer: LineBuffer) {
    var position = 0
    while position < string.count {
      var plainEnd = position
      while plainEnd < string.count, string[plainEnd] != UInt8(ascii: "\\") { plainEnd += 1 }
      buffer.append(UnsafeRawBufferPointer(rebasing: string[position..<plainEnd]))
      position = plainEnd
      if position < string.count { position = unescapeOne(string, at: position, to: buffer) }
    }
  }

  /// Appends what the escape at `position` stands for, and says where it ends.
  private static func unescapeOne(_ string: UnsafeRawBufferPointer, at position: Int, to buffer: LineBuffer) -> Int {
    switch string[position + 1] {
    case UInt8(ascii: "b"): buffer.append(0x08)
    case UInt8(ascii: "f"): buffer.append(0x0C)
    case UInt8(ascii: "n"): buffer.append(0x0A)
    case UInt8(ascii: "r"): buffer.append(0x0D)
    case UInt8(ascii: "t"): buffer.append(0x09)
    case UInt8(ascii: "u"):
      let unit = codeUnit(string, at: position + 2)
      guard 0xD800...0xDBFF ~= unit else {
        append(unit, to: buffer)
        return position + 6
      }
      append(0x10000 + (unit - 0xD800) << 10 + (codeUnit(string, at: position + 8) - 0xDC00), to: buffer)
      return position + 12
    case let itself: buffer.append(itself)
    }
    return position + 2
  }

  private static func codeUnit(_ string: UnsafeRawBufferPointer, at position: Int) -> UInt32 {
    string[position..<position + 4].reduce(0) { $0 << 4 | UInt32(TextBytes.hexDigit($1) ?? 0) }
  }

  private static func append(_ scalar: UInt32, to buffer: LineBuffer) {
    func low(_ shift: UInt32) -> UInt8 { 0x80 | UInt8(truncatingIfNeeded: scalar >> shift & 0x3F) }
    switch scalar {
    case 0..<0x80:
      buffer.append(UInt8(truncatingIfNeeded: scalar))
    case 0x80..<0x800:
      buffer.append(0xC0 | UInt8(truncatingIfNeeded: scalar >> 6))
      buffer.append(low(0))
    case 0x800..<0x10000:
      buffer.append(0xE0 | UInt8(truncatingIfNeeded: scalar >> 12))
      buffer.append(low(6))
      buffer.append(low(0))
    default:
      buffer.append(0xF0 | UInt8(truncatingIfNeeded: scalar >> 18))
      buffer.append(low(12))
      buffer.append(low(6))
      buffer.append(low(0))
    }
  }
}
