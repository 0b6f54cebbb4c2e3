import ArgumentParser

/// Measures the client library, beside photon-pump where that is installed, and prints a table.
struct ClientCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "client", abstract: "Measure the client library, and print the table.")

  @Option(help: "How many events the stream has.")
  var events = 1_000_000

  @Option(help: "How often each work is measured; the table shows the medians.")
  var rounds = 3

  @Option(help: "A python with photon-pump, to measure it in turns with ours.")
  var python: String?

  @Option(help: "How many events its stream has; it is much slower.")
  var pythonEvents = 200_000

  @Option(help: "The script that does the same work with photon-pump.")
  var script: String = "Benchmarks/drive_photonpump.py"

  @Option(help: "A directory for what is written on the way; it is made, and removed at the end.")
  var directory: String

  func run() throws {
    let bench = try Bench(directory: directory, tool: "", sizes: .full)
    defer { bench.removeDirectory() }
    for line in Machine.lines { print(line) }
    print(
      "Events of \(ClientWork.eventBytes) bytes, medians of \(rounds) rounds; the server's processor time is not counted.\n"
    )
    var ours = ClientSpeeds()
    var theirs = ClientSpeeds()
    for round in 1...rounds {
      bench.note("round \(round): eventvault")
      try ours.measure(bench, events: events) { try bench.step(["client-step"] + $0).usage }
      guard let python else { continue }
      bench.note("round \(round): photon-pump")
      try theirs.measure(bench, events: pythonEvents) { try bench.telling([python, script] + $0).usage }
    }
    print(ClientTable(ours: ours, theirs: theirs).text)
  }
}
