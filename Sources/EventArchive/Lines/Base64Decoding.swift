/// Base64 as a line has it: RFC 4648, section 4, padded, nothing left over.
enum Base64Decoding {
  /// Appends what `text` stands for to `buffer`; false when it is not canonical, and then something may be appended already.
  static func decode(_ text: UnsafeRawBufferPointer, to buffer: LineBuffer) -> Bool {
    guard text.count % 4 == 0 else { return false }
    guard !text.isEmpty else { return true }
    buffer.reserve(text.count / 4 * 3)
    let lastGroup = text.count - 4
    var position = 0
    while position < lastGroup {
      guard let group = group(text, at: position, digits: 4) else { return false }
      append(group, bytes: 3, to: buffer)
      position += 4
    }
    let padding = text[lastGroup + 3] != UInt8(ascii: "=") ? 0 : text[lastGroup + 2] != UInt8(ascii: "=") ? 1 : 2
    guard let group = group(text, at: lastGroup, digits: 4 - padding) else { return false }
    // The bits that no byte takes are zero, so that one content has one text.
    guard group & ((1 << (8 * UInt32(padding))) - 1) == 0 else { return false }
    append(group, bytes: 3 - padding, to: buffer)
    return true
  }

  /// The 24 bits of so many digits, missing ones as zeros.
  @inline(__always)
  private static func group(_ text: UnsafeRawBufferPointer, at position: Int, digits: Int) -> UInt32? {
    var group: UInt32 = 0
    for offset in 0..<digits {
      guard let value = value(text[position + offset]) else { return nil }
      group |= value << UInt32(18 - 6 * offset)
    }
    return group
  }

  @inline(__always)
  private static func append(_ group: UInt32, bytes: Int, to buffer: LineBuffer) {
    for offset in 0..<bytes {
      buffer.append(UInt8(truncatingIfNeeded: group >> UInt32(16 - 8 * offset)))
    }
  }

  @inline(__always)
  private static func value(_ digit: UInt8) -> UInt32? {
    switch digit {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(digit - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(digit - UInt8(ascii: "a") + 26)
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit - UInt8(ascii: "0") + 52)
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
