package import EventStoreCore

/// The fields of a JSON object, in the order in which they are written.
package typealias JSONFields = [(String, JSONValue)]

/// A JSON value to be printed: objects keep the order of their fields, numbers their digits.
package indirect enum JSONValue: Sendable {
  case null
  case bool(Bool)
  case integer(Int64)
  /// Written with at most three decimals; must be finite.
  case decimal(Double)
  case string(String)
  case array([JSONValue])
  case object(JSONFields)

  /// The value on one line, without white space.
  package var text: String {
    var text = ""
    write(to: &text)
    return text
  }

  private func write(to text: inout String) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .decimal(let value): text += QuantityText.decimal(value, places: 3)
    case .string(let value): Self.write(value, to: &text)
    case .array(let values):
      text += "["
      for (index, value) in values.enumerated() {
        if index > 0 { text += "," }
        value.write(to: &text)
      }
      text += "]"
    case .object(let fields):
      text += "{"
      for (index, field) in fields.enumerated() {
        if index > 0 { text += "," }
        Self.write(field.0, to: &text)
        text += ":"
        field.1.write(to: &text)
      }
      text += "}"
    }
  }

  private static func write(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{0}"..."\u{1F}", "\u{7F}":
        text += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
  package init(stringLiteral value: String) { self = .string(value) }
  package init(integerLiteral value: Int64) { self = .integer(value) }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension JSONValue {
  /// `{"commit":…,"prepare":…}`, or null.
  package init(_ position: Position?) {
    guard let position else {
      self = .null
      return
    }
    self = .object([("commit", .integer(position.commit)), ("prepare", .integer(position.prepare))])
  }

  /// Seconds with up to three decimals.
  package init(seconds duration: Duration) {
    self = .decimal(duration / .seconds(1))
  }

  /// The field that names a stream: `stream`, or `streamBase64` when the name is not UTF-8, as in a segment's lines.
  package static func field(_ stream: StreamName, as key: String = "stream") -> (String, JSONValue) {
    guard let name = stream.string else { return (key + "Base64", .string(Base64Text.encoded(stream.utf8))) }
    return (key, .string(name))
  }
}
