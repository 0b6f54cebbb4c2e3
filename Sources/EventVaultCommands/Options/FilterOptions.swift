import ArgumentParser
import EventStoreCore

/// The patterns that choose events by the names of their streams and types.
struct FilterOptions: ParsableArguments {
  @Option(
    name: .customLong("include-stream"),
    help: ArgumentHelp("Only streams that match, their metadata too; can be repeated.", valueName: "pattern"))
  var includeStreams: [String] = []

  @Option(
    name: .customLong("exclude-stream"),
    help: ArgumentHelp("No streams that match; can be repeated.", valueName: "pattern"))
  var excludeStreams: [String] = []

  @Option(
    name: .customLong("include-type"),
    help: ArgumentHelp("Only events whose type matches; can be repeated.", valueName: "pattern"))
  var includeTypes: [String] = []

  @Option(
    name: .customLong("exclude-type"),
    help: ArgumentHelp("No events whose type matches; can be repeated.", valueName: "pattern"))
  var excludeTypes: [String] = []

  /// The filter that they make.
  var value: EventFilter {
    EventFilter(
      includeStreams: includeStreams.map { NamePattern($0) }, excludeStreams: excludeStreams.map { NamePattern($0) },
      includeTypes: includeTypes.map { NamePattern($0) }, excludeTypes: excludeTypes.map { NamePattern($0) })
  }

  /// What is wrong with them, in sentences for people.
  func problems(includeSystem: Bool) -> [String] {
    var problems = value.problems
    if !includeSystem, let pattern = includeStreams.first(where: { $0.hasPrefix("$") }) {
      problems.append("'--include-stream \(pattern)' takes nothing without '--include-system': it names system streams")
    }
    return problems
  }
}
