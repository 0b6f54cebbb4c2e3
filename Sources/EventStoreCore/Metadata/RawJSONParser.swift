/// Reads JSON (RFC 8259) into `RawJSON`; every failure is nil, whatever the bytes.
struct RawJSONParser {
  private static let maximumDepth = 100

  private let text: [UInt8]
  private var index = 0

  init(_ text: [UInt8]) {
    self.text = text
    if text.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
  }

  /// The value that is the whole text.
  mutating func parseText() -> RawJSON? {
    guard let value = parseValue(depth: 0) else { return nil }
    skipSpace()
    return index == text.count ? value : nil
  }

  private mutating func parseValue(depth: Int) -> RawJSON? {
    guard depth < Self.maximumDepth else { return nil }
    skipSpace()
    guard index < text.count else { return nil }
    switch text[index] {
    case UInt8(ascii: "{"): return parseObject(depth: depth)
    case UInt8(ascii: "["): return parseArray(depth: depth)
    case UInt8(ascii: "\""): return parseString().map { .string($0) }
    case UInt8(ascii: "t"): return take(word: "true") ? .bool(true) : nil
    case UInt8(ascii: "f"): return take(word: "false") ? .bool(false) : nil
    case UInt8(ascii: "n"): return take(word: "null") ? .null : nil
    default: return parseNumber()
    }
  }

  private mutating func parseObject(depth: Int) -> RawJSON? {
    var members: [RawJSON.Member] = []
    index += 1
    skipSpace()
    if take("}") { return .object(members) }
    repeat {
      skipSpace()
      guard let escaped = parseString(), let name = Self.unescape(escaped) else { return nil }
      skipSpace()
      guard take(":"), let value = parseValue(depth: depth + 1) else { return nil }
      members.append(RawJSON.Member(name: name, value: value))
      skipSpace()
    } while take(",")
    return take("}") ? .object(members) : nil
  }

  private mutating func parseArray(depth: Int) -> RawJSON? {
    var elements: [RawJSON] = []
    index += 1
    skipSpace()
    if take("]") { return .array(elements) }
    repeat {
      guard let value = parseValue(depth: depth + 1) else { return nil }
      elements.append(value)
      skipSpace()
    } while take(",")
    return take("]") ? .array(elements) : nil
  }

  /// The characters between two quotes; a backslash protects what follows it.
  private mutating func parseString() -> [UInt8]? {
    guard take("\"") else { return nil }
    let start = index
    while index < text.count {
      switch text[index] {
      case UInt8(ascii: "\""):
        defer { index += 1 }
        return Array(text[start..<index])
      case UInt8(ascii: "\\"): index += 2
      case 0..<0x20: return nil
      default: index += 1
      }
    }
    return nil
  }

  private mutating func parseNumber() -> RawJSON? {
    let start = index
    _ = take("-")
    let whole = takeDigits()
    guard !whole.isEmpty, whole.count == 1 || whole.first != UInt8(ascii: "0") else { return nil }
    if take(".") {
      guard !takeDigits().isEmpty else { return nil }
    }
    if take("e") || take("E") {
      _ = take("+") || take("-")
      guard !takeDigits().isEmpty else { return nil }
    }
    return .number(Array(text[start..<index]))
  }

  private mutating func takeDigits() -> ArraySlice<UInt8> {
    let digits = text[index...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    index += digits.count
    return digits
  }

  private mutating func take(word: String) -> Bool {
    guard text[index...].starts(with: word.utf8) else { return false }
    index += word.utf8.count
    return true
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard index < text.count, text[index] == UInt8(ascii: character) else { return false }
    index += 1
    return true
  }

  private mutating func skipSpace() {
    while index < text.count, [0x20, 0x0A, 0x0D, 0x09].contains(text[index]) { index += 1 }
  }
}

extension RawJSONParser {
  /// What a string's characters mean; nil when an escape is none of JSON's.
  static func unescape(_ characters: [UInt8]) -> [UInt8]? {
    guard characters.contains(UInt8(ascii: "\\")) else { return characters }
    var plain: [UInt8] = []
    var rest = characters[...]
    while let character = rest.popFirst() {
      guard character == UInt8(ascii: "\\") else {
        plain.append(character)
        continue
      }
      guard let letter = rest.popFirst() else { return nil }
      switch letter {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): plain.append(letter)
      case UInt8(ascii: "b"): plain.append(0x08)
      case UInt8(ascii: "f"): plain.append(0x0C)
      case UInt8(ascii: "n"): plain.append(0x0A)
      case UInt8(ascii: "r"): plain.append(0x0D)
      case UInt8(ascii: "t"): plain.append(0x09)
      case UInt8(ascii: "u"):
        guard let unit = takeUnit(&rest) else { return nil }
        var units = [unit]
        if UTF16.isLeadSurrogate(unit), rest.starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) {
          rest = rest.dropFirst(2)
          guard let trail = takeUnit(&rest) else { return nil }
          units.append(trail)
        }
        plain += String(decoding: units, as: UTF16.self).utf8
      default: return nil
      }
    }
    return plain
  }

  /// How these characters stand between quotes.
  static func escape(_ plain: [UInt8]) -> [UInt8] {
    var characters: [UInt8] = []
    for byte in plain {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): characters += [UInt8(ascii: "\\"), byte]
      case 0..<0x20:
        let digits = Array("0123456789abcdef".utf8)
        characters += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      default: characters.append(byte)
      }
    }
    return characters
  }

  private static func takeUnit(_ rest: inout ArraySlice<UInt8>) -> UInt16? {
    let digits = rest.prefix(4)
    guard digits.count == 4, digits.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }),
      let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else { return nil }
    rest = rest.dropFirst(4)
    return unit
  }
}
