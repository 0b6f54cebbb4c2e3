/// What is wrong with a line that should be an event.
package struct LineDamage: Error, Hashable, Sendable {
  /// The kinds of damage.
  package enum Code: String, Sendable, CaseIterable {
    /// The line exceeds 256 MiB.
    case tooLong
    /// The line is not one JSON object.
    case notAnObject
    /// A key stands twice, or in two of its forms.
    case repeatedKey
    /// A key that every event has is not there.
    case missingKey
    /// A value is not what its key must have.
    case wrongValue
    /// A string is not valid UTF-8, or has an escape that means nothing.
    case badString
    /// Base64 that is not canonical.
    case badBase64
  }

  /// The kind of damage.
  package var code: Code
  /// What was found: lower case, without a full stop.
  package var message: String
  /// Where in the line it was found, in bytes.
  package var offset: Int

  package init(_ code: Code, _ message: String, offset: Int) {
    self.code = code
    self.message = message
    self.offset = offset
  }
}

extension LineDamage: CustomStringConvertible {
  package var description: String { "\(message) (at byte \(offset) of the line)" }
}
