/// Why a command ends without having done its work: what the user reads, and the exit code.
package struct CommandFailure: Error, Equatable, Sendable {
  /// The exit code.
  package var code: ExitCode
  /// What happened: one sentence, lower case, without a full stop.
  package var message: String
  /// What can be done about it, where we know.
  package var hint: String?

  package init(_ code: ExitCode, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }

  /// The lines for people: `error: …` and, where there is one, `hint: …`, without secrets.
  package var lines: [String] {
    let lines = ["error: \(message)"] + (hint.map { ["hint: \($0)"] } ?? [])
    return lines.map { Redaction.redacted($0).singleLine }
  }

  /// The same for programs (docs/CLI.md, "Errors").
  package var json: JSONValue {
    var fields: JSONFields = [
      ("kind", "error"), ("version", 1), ("exitCode", .integer(Int64(code.rawValue))), ("code", .string(code.name)),
      ("message", .string(Redaction.redacted(message))),
    ]
    if let hint { fields.append(("hint", .string(Redaction.redacted(hint)))) }
    return .object(fields)
  }
}

extension String {
  /// The text on one line: what a server or the system said may hold line ends.
  fileprivate var singleLine: String {
    String(self.map { $0.isNewline ? " " : $0 })
  }
}
