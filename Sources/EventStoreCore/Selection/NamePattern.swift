/// A pattern for names of streams or event types: a prefix, or `~` and a regular expression.
///
/// The text is the pattern: what the user typed, and what a manifest holds. Patterns are equal when their bytes are, and sort by
/// them. A prefix compares bytes. A
/// regular expression (Swift's syntax) is looked for anywhere in the name, scalar by scalar; `^` and `$` tie it to the
/// name's ends. Of a name that is not valid UTF-8 it sees U+FFFD in place of what is not.
package struct NamePattern: Sendable {
  /// What there are.
  package enum Kind: Hashable, Sendable {
    /// Names that begin with this.
    case prefix(String)
    /// Names in which this regular expression is found.
    case regularExpression(String)
  }

  /// The pattern as it is written.
  package let text: String

  /// The pattern that is written so; `problem` says what is wrong with it.
  package init(_ text: String) {
    self.text = text
  }

  /// What the text means.
  package var kind: Kind {
    text.utf8.first == UInt8(ascii: "~") ? .regularExpression(String(text.dropFirst())) : .prefix(text)
  }

  /// What is wrong with the pattern, in words for people; nil when nothing is.
  package var problem: String? {
    switch kind {
    case .prefix(""): return "a pattern must not be empty"
    case .prefix: return nil
    case .regularExpression(""): return "the regular expression of the pattern '~' is empty"
    case .regularExpression(let expression):
      do {
        _ = try Regex(expression)
        return nil
      } catch {
        return "the pattern '\(text)' is not a regular expression: \(error)"
      }
    }
  }
}

extension NamePattern: Hashable, Comparable {
  // Strings are equal when they look the same, names when their bytes are.
  package static func == (left: NamePattern, right: NamePattern) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8)
  }

  package static func < (left: NamePattern, right: NamePattern) -> Bool {
    left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }

  package func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
  }
}

extension NamePattern: ExpressibleByStringLiteral {
  package init(stringLiteral value: String) {
    self.init(value)
  }
}

extension NamePattern: CustomStringConvertible {
  /// The pattern as it is written.
  package var description: String { text }
}
