import ArgumentParser

/// Which archive to use.
struct ArchiveOption: ParsableArguments {
  @Option(name: .customLong("archive"), help: ArgumentHelp("The archive's directory.", valueName: "dir"))
  var directory: String
}
