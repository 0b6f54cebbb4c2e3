import ArgumentParser

/// The root of the command line.
struct EventVaultCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eventvault",
    abstract: "Back up, prove and restore EventStoreDB event stores.",
    discussion: """
      A backup is a directory of NDJSON lines compressed with zstd: readable with zstdcat, jq and sha256sum alone.

      EXAMPLES:
        eventvault backup  --source tcp://admin@db:1113 --archive /backups/shop
        eventvault verify  --archive /backups/shop
        eventvault restore --archive /backups/shop --target tcp://admin@new:1113

      The password comes from EVENTVAULT_PASSWORD or --password-file. Exit codes: docs/CLI.md.
      """,
    version: Tool.version,
    subcommands: [
      BackupCommand.self, RestoreCommand.self, CompareCommand.self, VerifyCommand.self, ListCommand.self,
      CatCommand.self, DoctorCommand.self, ServeCommand.self, DemoCommand.self,
    ])
}
