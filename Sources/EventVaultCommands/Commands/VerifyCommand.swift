import ArgumentParser
import EventArchive

/// `eventvault verify`: proves an archive.
struct VerifyCommand: VaultCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Read everything in an archive and report every fault.",
    discussion: """
      Checks digests, the hash chain, order, counts and indexes, and decodes every event. Needs no server, changes nothing, \
      and can run while a backup writes.

      The head digest that it prints stands for the whole archive: keep it elsewhere, and --head proves later that nothing \
      up to there was changed or cut off.

      EXAMPLES:
        eventvault verify --archive /backups/shop
        eventvault verify --archive /backups/shop --head "$(cat shop.head)"
        eventvault verify --archive /backups/shop --json | jq .faults

      EXIT CODES: 0 sound, 14 damaged, 10 no archive there, 18 newer format.
      """)

  @OptionGroup var archive: ArchiveOption

  @Option(help: ArgumentHelp("The head digest that must be found, from an earlier run.", valueName: "digest"))
  var head: String?

  @OptionGroup var json: JSONOption

  var printsJSON: Bool { json.isOn }

  func validate() throws {
    if let head, SHA256Digest(head) == nil {
      throw ValidationError("The value of '--head' must be 64 hexadecimal digits.")
    }
  }

  func execute(in context: CommandContext) async throws -> ExitCode {
    let display = ProgressDisplay(
      console: context.console, formatter: ProgressFormatter(verb: "verify"), json: json.isOn)
    let report = try await context.endingAtOnce {
      try ArchiveVerifier(directory: archive.directory).verify(expectedHead: head.flatMap { SHA256Digest($0) }) {
        display.update(
          ProgressReading(
            events: $0.events, fraction: $0.totalBytes > 0 ? Double($0.bytes) / Double($0.totalBytes) : nil))
      }
    }
    display.finish()
    let code: ExitCode = report.isSound ? .done : .archiveDamaged
    let text = VerificationText(report: report, directory: archive.directory, elapsed: display.elapsed)
    try context.console.print(text, exitCode: code, asJSON: json.isOn)
    return code
  }
}
