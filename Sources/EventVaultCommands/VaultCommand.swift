import ArgumentParser

/// A command that does something.
protocol VaultCommand: ParsableCommand {
  /// Whether every line that the command prints is JSON, errors too.
  var printsJSON: Bool { get }

  /// Does it.
  /// - Throws: any error that `CommandFailure.init(_:)` understands, `Console.OutputClosed`, `CancellationError`.
  func execute(in context: CommandContext) async throws -> ExitCode
}
