import EventStoreCore

/// JSON as a real server writes it into its own events: members on lines of their own, two blanks a level.
indirect enum IndentedJSON {
  case text(String)
  case literal(String)
  case array([IndentedJSON])
  case object([(String, IndentedJSON)])

  static func number(_ number: some BinaryInteger) -> IndentedJSON { .literal("\(number)") }
  static func flag(_ flag: Bool) -> IndentedJSON { .literal("\(flag)") }

  var text: String { text(indent: "") }

  private func text(indent: String) -> String {
    let inner = indent + "  "
    switch self {
    case .text(let text): return Self.quoted(text)
    case .literal(let literal): return literal
    case .array(let elements):
      guard !elements.isEmpty else { return "[]" }
      return "[\n" + elements.map { inner + $0.text(indent: inner) }.joined(separator: ",\n") + "\n\(indent)]"
    case .object(let members):
      let lines = members.map { name, value in "\(inner)\(Self.quoted(name)): \(value.text(indent: inner))" }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
    }
  }

  /// The text in quotes, with the short escapes that .NET prefers.
  private static func quoted(_ text: String) -> String {
    let escaped = text.unicodeScalars.map { scalar in
      switch scalar {
      case "\"": "\\\""
      case "\\": "\\\\"
      case "\n": "\\n"
      case "\r": "\\r"
      case "\t": "\\t"
      case "\u{8}": "\\b"
      case "\u{c}": "\\f"
      case "\u{0}"..."\u{1f}": "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
      default: String(scalar)
      }
    }
    return "\"" + escaped.joined() + "\""
  }
}

extension Timestamp {
  /// The moment as .NET writes it, to the microsecond: `2026-11-23T20:36:41.330038+00:00`.
  var offsetText: String {
    let text = Timestamp(ticks: ticks).description
    return String(text.dropLast(2)) + "+00:00"
  }
}
