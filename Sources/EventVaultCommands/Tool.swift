import ArgumentParser

/// The tool from its arguments to its exit code.
package enum Tool {
  /// The version that is printed and written into archives.
  package static let version = "0.1.0"

  /// Runs the process's own command line, in the process's surroundings.
  @concurrent package static func main() async -> ExitCode {
    let interruption = Interruption()
    interruption.install()
    return await run(
      Array(CommandLine.arguments.dropFirst()),
      in: CommandContext(
        console: Console(), environment: CommandContext.processEnvironment(), interruption: interruption))
  }

  /// Runs one command line.
  ///
  /// Runs on the concurrent executor, never on the main actor, whose hops would slow down every event.
  /// - Parameter arguments: The arguments, without the program's name.
  @concurrent package static func run(_ arguments: [String], in context: CommandContext) async -> ExitCode {
    let command: any VaultCommand
    do {
      var parsed = try EventVaultCommand.parseAsRoot(arguments)
      guard let vaultCommand = parsed as? any VaultCommand else {
        // The root alone, and the parser's own help command: both throw the help text.
        try parsed.run()
        return .done
      }
      command = vaultCommand
    } catch {
      return ended(parsing: error, asJSON: arguments.contains("--json"), in: context)
    }
    do {
      let code = try await command.execute(in: context)
      context.console.wipeProgress()
      return code
    } catch {
      return ended(error, asJSON: command.printsJSON, in: context)
    }
  }

  /// Help and version are results; what could not be parsed is an error.
  private static func ended(parsing error: any Error, asJSON: Bool, in context: CommandContext) -> ExitCode {
    let text = EventVaultCommand.fullMessage(for: error)
    guard EventVaultCommand.exitCode(for: error).isSuccess else {
      let lines = EventVaultCommand.message(for: error).split(whereSeparator: \.isNewline)
      let message = lines.first.map(lowerCased) ?? "the command line could not be understood"
      return ended(CommandFailure(.usage, message, hint: usageHint(in: text)), asJSON: asJSON, in: context)
    }
    do {
      try context.console.print(text)
      return .done
    } catch {
      return ended(error, asJSON: asJSON, in: context)
    }
  }

  private static func ended(_ error: any Error, asJSON: Bool, in context: CommandContext) -> ExitCode {
    context.console.wipeProgress()
    if error is Console.OutputClosed { return .done }
    if error is CancellationError { return context.interruption.received?.exitCode ?? .failed }
    let failure = CommandFailure(error)
    if asJSON {
      context.console.note(failure.json.text)
    } else {
      failure.lines.forEach(context.console.note)
    }
    return failure.code
  }

  /// The parser's own way to more help: `See 'eventvault backup --help' for more information.`
  private static func usageHint(in text: String) -> String {
    let line = text.split(whereSeparator: \.isNewline).last { $0.contains("--help") }
    let command = line?.split(separator: "'").first { $0.contains("--help") }
    return command.map(String.init) ?? "eventvault --help"
  }

  private static func lowerCased(_ sentence: some StringProtocol) -> String {
    var text = String(sentence)
    if text.hasSuffix(".") { text.removeLast() }
    guard let first = text.first, text.dropFirst().first?.isLowercase == true else { return text }
    return first.lowercased() + text.dropFirst()
  }
}
