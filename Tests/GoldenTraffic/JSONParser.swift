/// Reads JSON (RFC 8259) into `JSONValue`; a doubled name keeps its last value.
struct JSONParser {
  private static let maximumDepth = 100

  private let text: [UInt8]
  private var index = 0

  init(_ text: [UInt8]) {
    self.text = text
  }

  /// The value that is the whole text.
  mutating func parseText() throws(RecordingError) -> JSONValue {
    let value = try parseValue(depth: 0)
    skipSpace()
    guard index == text.count else { throw failure("more after the end") }
    return value
  }

  private mutating func parseValue(depth: Int) throws(RecordingError) -> JSONValue {
    guard depth < Self.maximumDepth else { throw failure("nested too deeply") }
    skipSpace()
    guard index < text.count else { throw failure("unexpected end") }
    switch text[index] {
    case UInt8(ascii: "{"): return try parseObject(depth: depth)
    case UInt8(ascii: "["): return try parseArray(depth: depth)
    case UInt8(ascii: "\""): return .string(try parseString())
    case UInt8(ascii: "t"): return try parseWord("true", .bool(true))
    case UInt8(ascii: "f"): return try parseWord("false", .bool(false))
    case UInt8(ascii: "n"): return try parseWord("null", .null)
    default: return try parseNumber()
    }
  }

  private mutating func parseObject(depth: Int) throws(RecordingError) -> JSONValue {
    var members: [String: JSONValue] = [:]
    index += 1
    skipSpace()
    if take("}") { return .object(members) }
    repeat {
      skipSpace()
      let name = try parseString()
      skipSpace()
      guard take(":") else { throw failure("expected a colon") }
      members[name] = try parseValue(depth: depth + 1)
      skipSpace()
    } while take(",")
    guard take("}") else { throw failure("expected the end of an object") }
    return .object(members)
  }

  private mutating func parseArray(depth: Int) throws(RecordingError) -> JSONValue {
    var elements: [JSONValue] = []
    index += 1
    skipSpace()
    if take("]") { return .array(elements) }
    repeat {
      elements.append(try parseValue(depth: depth + 1))
      skipSpace()
    } while take(",")
    guard take("]") else { throw failure("expected the end of an array") }
    return .array(elements)
  }

  private mutating func parseString() throws(RecordingError) -> String {
    guard take("\"") else { throw failure("expected a string") }
    var content: [UInt8] = []
    while true {
      guard let stop = text[index...].firstIndex(where: { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") })
      else { throw failure("unexpected end in a string") }
      content += text[index..<stop]
      index = stop
      if take("\"") { break }
      try parseEscape(into: &content)
    }
    guard let string = String(validating: content, as: UTF8.self) else { throw failure("not UTF-8") }
    return string
  }

  private mutating func parseEscape(into content: inout [UInt8]) throws(RecordingError) {
    guard index + 1 < text.count else { throw failure("unexpected end in a string") }
    let letter = text[index + 1]
    index += 2
    switch letter {
    case UInt8(ascii: "n"): content.append(0x0A)
    case UInt8(ascii: "t"): content.append(0x09)
    case UInt8(ascii: "r"): content.append(0x0D)
    case UInt8(ascii: "b"): content.append(0x08)
    case UInt8(ascii: "f"): content.append(0x0C)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(letter)
    case UInt8(ascii: "u"):
      var units = [try parseUnit()]
      if UTF16.isLeadSurrogate(units[0]), take("\\"), take("u") { units.append(try parseUnit()) }
      content += String(decoding: units, as: UTF16.self).utf8
    default: throw failure("unknown escape")
    }
  }

  private mutating func parseUnit() throws(RecordingError) -> UInt16 {
    let digits = text[index...].prefix(4)
    guard digits.count == 4, let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16) else {
      throw failure("expected four digits")
    }
    index += 4
    return unit
  }

  private mutating func parseNumber() throws(RecordingError) -> JSONValue {
    let digits = text[index...].prefix { byte in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
        UInt8(ascii: "e"), UInt8(ascii: "E"):
        true
      default: false
      }
    }
    let number = String(decoding: digits, as: UTF8.self)
    if let integer = Int64(number) {
      index += digits.count
      return .integer(integer)
    }
    guard let value = Double(number) else { throw failure("expected a value") }
    index += digits.count
    return .number(value)
  }

  private mutating func parseWord(_ word: String, _ value: JSONValue) throws(RecordingError) -> JSONValue {
    guard text[index...].starts(with: word.utf8) else { throw failure("expected \(word)") }
    index += word.utf8.count
    return value
  }

  private mutating func skipSpace() {
    while index < text.count, [0x20, 0x0A, 0x0D, 0x09].contains(text[index]) { index += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard index < text.count, text[index] == UInt8(ascii: character) else { return false }
    index += 1
    return true
  }

  private func failure(_ what: String) -> RecordingError {
    RecordingError("\(what), at byte \(index)")
  }
}
