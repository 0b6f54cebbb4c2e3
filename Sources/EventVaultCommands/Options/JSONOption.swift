import ArgumentParser

/// How to print.
struct JSONOption: ParsableArguments {
  @Flag(name: .customLong("json"), help: "Print JSON, one object a line; described in docs/CLI.md.")
  var isOn = false
}
