import ArgumentParser
import EventStoreCore

/// `eventvault doctor`: can this server be backed up?
struct DoctorCommand: VaultCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Say in one sentence whether a server can be backed up, and if not, why.",
    discussion: """
      Resolves the address, connects, authenticates, and reads one page of $all: what a backup does first. Changes nothing.

      EXAMPLES:
        eventvault doctor --source tcp://admin@db:1113
        EVENTVAULT_PASSWORD=… eventvault doctor --source discover://admin@db:2113
        eventvault doctor --source tcp://localhost:1113 --json

      EXIT CODES: 0 healthy, 12 not authenticated or denied, 13 unreachable, 64 the connection string makes no sense.
      """)

  @OptionGroup var source: SourceOptions
  @OptionGroup var json: JSONOption

  var printsJSON: Bool { json.isOn }

  func execute(in context: CommandContext) async throws -> ExitCode {
    try await context.endingAtOnce {
      let address = try source.address(in: context)
      let clock = ContinuousClock()
      let began = clock.now
      try await source.withConnection(in: context) { client in
        let connected = began.duration(to: clock.now)
        if !json.isOn {
          try context.console.print("ok: connected to \(address) in \(QuantityText.duration(connected))")
        }
        let asked = clock.now
        let page = try await client.store.readAll(.backward, from: .end, maximumCount: 100, resolveLinks: false)
        let answered = asked.duration(to: clock.now)
        try report(page, address: address, connected: connected, answered: answered, on: context.console)
      }
      return .done
    }
  }

  private func report(
    _ page: AllPage, address: ServerAddress, connected: Duration, answered: Duration, on console: Console
  ) throws {
    let newest = page.events.first
    guard json.isOn else {
      let end = newest?.position.map { "the newest event is at \($0)" } ?? "it is empty"
      try console.print("ok: read $all in \(QuantityText.duration(answered)): \(end)")
      return try console.print("healthy: \(address) can be backed up")
    }
    try console.print(
      JSONValue.object([
        ("kind", "doctor"), ("version", 1), ("exitCode", 0), ("source", .string(address.redacted)),
        ("connectSeconds", JSONValue(seconds: connected)), ("readSeconds", JSONValue(seconds: answered)),
        ("newestPosition", JSONValue(newest?.position)),
        ("newestCreated", newest?.received.map { .string("\($0.created)") } ?? .null),
      ]).text)
  }
}
