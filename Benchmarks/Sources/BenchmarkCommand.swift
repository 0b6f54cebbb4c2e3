import ArgumentParser

/// Measures eventvault, and prints each result as a ratio; `Benchmarks/run.sh` builds and runs it.
@main
struct BenchmarkCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "Benchmark", abstract: "Measure eventvault against what the machine can do.",
    subcommands: [
      MeasureCommand.self, ClientCommand.self, WriteStep.self, ServeStep.self, ReadStep.self, ScanStep.self,
      ClientStep.self,
    ],
    defaultSubcommand: MeasureCommand.self)
}
