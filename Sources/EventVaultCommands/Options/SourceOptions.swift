import ArgumentParser

/// The server that is read.
struct SourceOptions: ParsableArguments {
  @Option(
    name: .customLong("source"),
    help: ArgumentHelp(
      "The server to read: tcp://user@host:1113, discover://user@host:2113 or ConnectTo=…; or EVENTVAULT_SOURCE.",
      valueName: "url"))
  var url: String?

  @OptionGroup var access: AccessOptions

  /// Where the server is.
  /// - Throws: `CommandFailure` `usage`.
  func address(in context: CommandContext) throws -> ServerAddress {
    try ServerAddress(
      flag: url, option: "--source", variable: "EVENTVAULT_SOURCE", passwordFile: access.passwordFile,
      environment: context.environment)
  }

  /// Connects, runs `body`, and closes the connection.
  func withConnection<Result>(
    in context: CommandContext, _ body: (ServerConnection) async throws -> Result
  ) async throws -> Result {
    try await ServerConnection.with(address(in: context), access: access, context: context, body)
  }
}
