package import Logging

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What a command works with, beside its options: where it prints, what surrounds it, and who may stop it.
package struct CommandContext: Sendable {
  /// Where it prints.
  package var console: Console
  /// The environment's variables.
  package var environment: [String: String]
  /// The requests to stop.
  package var interruption: Interruption

  package init(console: Console, environment: [String: String], interruption: Interruption) {
    self.console = console
    self.environment = environment
    self.interruption = interruption
  }
}

extension CommandContext {
  /// Runs work that only reads: a signal ends the process at once, with its code, because nothing is to be made safe.
  package func endingAtOnce<Result>(_ body: () async throws -> Result) async rethrows -> Result {
    let (console, interruption) = (console, interruption)
    return try await interruption.stopping(
      by: {
        console.wipeProgress()
        _exit((interruption.received?.exitCode ?? .failed).rawValue)
      }, body)
  }

  /// A logger that shows on standard error what happens.
  ///
  /// Without `verbose` only what is no part of the error in which a failure ends anyway.
  package func logger(_ label: String, verbose: Bool) -> Logger {
    Logger(label: label) { _ in ConsoleLogHandler(console: console, level: verbose ? .debug : .error) }
  }

  /// The variables of the process's environment that the tool reads.
  static func processEnvironment() -> [String: String] {
    var environment: [String: String] = [:]
    for name in ["EVENTVAULT_SOURCE", "EVENTVAULT_TARGET", "EVENTVAULT_PASSWORD"] {
      if let value = getenv(name) { environment[name] = String(cString: value) }
    }
    return environment
  }
}
