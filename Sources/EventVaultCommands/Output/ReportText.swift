/// What a command says at its end, for people and for programs.
package protocol ReportText: Sendable {
  /// What was not as asked, a line each; these are no results.
  var problems: [String] { get }
  /// What was done, or found.
  var lines: [String] { get }
  /// All of it, as docs/CLI.md says.
  func json(exitCode: ExitCode) -> JSONValue
}

extension ReportText {
  package var problems: [String] { [] }
}

extension Console {
  /// Says what a command says at its end.
  /// - Throws: as `print`.
  package func print(_ text: some ReportText, exitCode: ExitCode, asJSON: Bool) throws {
    if asJSON { return try print(text.json(exitCode: exitCode).text) }
    for line in text.problems { note(line) }
    for line in text.lines { try print(line) }
  }
}
