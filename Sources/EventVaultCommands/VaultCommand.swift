import ArgumentParser

/// A command that does something.
protocol VaultCommand: ParsableCommand {
  /// Whether every line that the command prints is JSON, errors too.
  var printsJSON: Bool { get }

  /// Does it.
  /// - Throws: any error that `CommandFailure.init(_:)` understands, `Console.OutputClosed`, `CancellationError`.
  func execute(in context: CommandContext) async throws -> ExitCode
}

extension VaultCommand {
  /// Throws all problems at once when there are some.
  func refuse(_ problems: [String]) throws {
    guard problems.isEmpty else { throw ValidationError(problems.joined(separator: "; ")) }
  }
}
