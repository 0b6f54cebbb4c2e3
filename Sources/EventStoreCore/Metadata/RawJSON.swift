/// A JSON value (RFC 8259) that keeps its numbers and strings as they were written.
///
/// For the small documents that servers keep beside events: stream metadata and settings. Members keep their order, and a
/// doubled name is kept twice.
package indirect enum RawJSON: Hashable, Sendable {
  case null
  case bool(Bool)
  /// A number, as its characters.
  case number([UInt8])
  /// A string: what stands between the quotes, escapes and all.
  case string([UInt8])
  case array([RawJSON])
  case object([Member])

  /// A name and its value.
  package struct Member: Hashable, Sendable {
    /// The name, without escapes.
    package var name: [UInt8]
    /// The value.
    package var value: RawJSON

    package init(name: [UInt8], value: RawJSON) {
      self.name = name
      self.value = value
    }
  }

  /// Reads a whole JSON text; nil when it is not one, or is nested deeper than 100 levels.
  package init?(parsing text: some Collection<UInt8>) {
    var parser = RawJSONParser(Array(text))
    guard let value = parser.parseText() else { return nil }
    self = value
  }

  /// The string with this text.
  package init(text: String) {
    self = .string(RawJSONParser.escape(Array(text.utf8)))
  }

  /// The last member with this name; nil when there is none or this is no object.
  package subscript(_ name: String) -> RawJSON? {
    guard case .object(let members) = self else { return nil }
    return members.last { $0.name.elementsEqual(name.utf8) }?.value
  }

  /// The number as a 64-bit integer; nil for anything else.
  package var integer: Int64? {
    guard case .number(let characters) = self else { return nil }
    return Int64(String(decoding: characters, as: UTF8.self))
  }

  /// The text of the string, without escapes; nil for anything else.
  package var text: String? {
    guard case .string(let characters) = self, let plain = RawJSONParser.unescape(characters) else { return nil }
    return String(decoding: plain, as: UTF8.self)
  }

  /// The value as JSON without white space.
  package var compactText: [UInt8] {
    var text: [UInt8] = []
    append(to: &text)
    return text
  }

  private func append(to text: inout [UInt8]) {
    switch self {
    case .null: text += "null".utf8
    case .bool(let value): text += (value ? "true" : "false").utf8
    case .number(let characters): text += characters
    case .string(let characters): Self.append(quoted: characters, to: &text)
    case .array(let elements):
      Self.append(elements, between: ("[", "]"), to: &text) { $0.append(to: &$1) }
    case .object(let members):
      Self.append(members, between: ("{", "}"), to: &text) { member, text in
        Self.append(quoted: RawJSONParser.escape(member.name), to: &text)
        text.append(UInt8(ascii: ":"))
        member.value.append(to: &text)
      }
    }
  }

  private static func append(quoted characters: [UInt8], to text: inout [UInt8]) {
    text.append(UInt8(ascii: "\""))
    text += characters
    text.append(UInt8(ascii: "\""))
  }

  private static func append<Element>(
    _ elements: [Element], between brackets: (open: Unicode.Scalar, close: Unicode.Scalar), to text: inout [UInt8],
    _ appendElement: (Element, inout [UInt8]) -> Void
  ) {
    text.append(UInt8(ascii: brackets.open))
    for (index, element) in elements.enumerated() {
      if index > 0 { text.append(UInt8(ascii: ",")) }
      appendElement(element, &text)
    }
    text.append(UInt8(ascii: brackets.close))
  }
}
