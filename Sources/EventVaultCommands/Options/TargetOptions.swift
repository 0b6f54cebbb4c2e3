import ArgumentParser

/// The server that is written to.
struct TargetOptions: ParsableArguments {
  @Option(
    name: .customLong("target"),
    help: ArgumentHelp(
      "The server to write to: tcp://user@host:1113, discover://user@host:2113 or ConnectTo=…; or EVENTVAULT_TARGET.",
      valueName: "url"))
  var url: String?

  @OptionGroup var access: AccessOptions

  /// Where the server is.
  /// - Throws: `CommandFailure` `usage`.
  func address(in context: CommandContext) throws -> ServerAddress {
    try ServerAddress(
      flag: url, option: "--target", variable: "EVENTVAULT_TARGET", passwordFile: access.passwordFile,
      environment: context.environment)
  }

  /// Connects, runs `body`, and closes the connections; as `ServerConnection.with`.
  func withConnection<Result>(
    _ count: Int = 1, resendsLost: Bool = true, in context: CommandContext,
    _ body: (ServerConnection) async throws -> Result
  ) async throws -> Result {
    try await ServerConnection.with(
      address(in: context), count: count, resendsLost: resendsLost, access: access, context: context, body)
  }
}
