import ArgumentParser
import Replication

/// How a restore writes, and what it does where the target does not fit.
struct RestoreOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What happens to event numbers that would change: strict refuses the stream, renumber counts anew, preserve fills holes.",
      valueName: "how"))
  var numbers = RestoreNumbers.strict

  @Option(
    help: ArgumentHelp(
      "How many events may fill the holes of one stream, with --numbers preserve.", valueName: "n"))
  var maximumFillers: Int64 = 1_000_000

  @Option(
    help: ArgumentHelp(
      "stream: many appends at a time, in order within each stream; global: in the archive's order, one at a time.",
      valueName: "which"))
  var order = RestoreOrder.stream

  @Option(
    help: ArgumentHelp(
      "A stream that holds something else is left alone either way; fail ends with 15, skip with 3.",
      valueName: "what"))
  var onConflict = RestoreOnConflict.fail

  /// Puts the options into the settings of a run.
  func apply(to configuration: inout RestoreConfiguration) {
    configuration.numbers = numbers
    configuration.maximumFillers = maximumFillers
    configuration.order = order
    configuration.onConflict = onConflict
  }
}

extension RestoreNumbers: ExpressibleByArgument {}
extension RestoreOrder: ExpressibleByArgument {}
extension RestoreOnConflict: ExpressibleByArgument {}
