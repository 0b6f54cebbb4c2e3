import ArgumentParser

/// Measures all ratios, or some, and prints the table.
struct MeasureCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "measure", abstract: "Measure, and print the table.")

  @Flag(help: "Smaller sizes and one round, to try it out; the numbers mean little.")
  var quick = false

  @Option(help: ArgumentHelp("Only these, such as 'ad'.", valueName: "letters"))
  var only = "abcdef"

  @Option(help: "How often each pair is measured; the table shows the medians.")
  var rounds: Int?

  @Option(help: "A directory for the archives, about 3 GB; it is made, and removed at the end.")
  var directory: String

  @Option(help: "The eventvault binary that is measured.")
  var tool: String

  func run() throws {
    var sizes = quick ? Sizes.quick : Sizes.full
    if let rounds { sizes.rounds = rounds }
    let bench = try Bench(directory: directory, tool: tool, sizes: sizes)
    defer { bench.removeDirectory() }
    for line in Machine.lines { print(line) }
    print("\(sizes)\n")
    var results: [Ratio] = []
    for letter in only {
      bench.note("measuring (\(letter))")
      results += try measure(letter, bench)
    }
    print(RatioTable(results).text)
  }

  private func measure(_ letter: Character, _ bench: Bench) throws -> [Ratio] {
    switch letter {
    case "a": [try WriteRatio(bench).measure()]
    case "b": [try BackupRatio(bench).measure()]
    case "c": [try RestoreRatio(bench).measure()]
    case "d": [try VerifyRatio(bench).measure()]
    case "e": try StreamRatio(bench).measure()
    case "f": try MemoryRatio(bench).measure()
    default: throw ValidationError("there is no ratio '\(letter)'")
    }
  }
}
