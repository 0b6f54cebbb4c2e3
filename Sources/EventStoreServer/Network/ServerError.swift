/// Why an embedded server could not be started.
package struct ServerError: Error, Sendable {
  /// The kinds of failure.
  package enum Code: String, Sendable, CaseIterable {
    /// Another program listens on the port.
    case portInUse
    /// The address is not one of this machine's, or the port needs more rights.
    case addressUnavailable
    /// The certificate or the key cannot be used.
    case tlsInvalid
    /// The configuration makes no sense; nothing was started.
    case invalidConfiguration
  }

  /// The kind of failure.
  package let code: Code
  /// What happened: one sentence, lower case, without a full stop.
  package let message: String
  /// What can be done about it, where we know.
  package let hint: String?
  /// The system's own words.
  package let cause: String?

  package init(_ code: Code, _ message: String, hint: String? = nil, cause: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
    self.cause = cause
  }
}

extension ServerError: CustomStringConvertible {
  /// The message, the cause in brackets, then the hint.
  package var description: String {
    var text = message
    if let cause, !cause.isEmpty { text += " (\(cause))" }
    if let hint { text += "; hint: \(hint)" }
    return text
  }
}
