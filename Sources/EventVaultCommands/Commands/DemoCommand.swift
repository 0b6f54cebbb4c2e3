import ArgumentParser
import EventStoreCore

/// `eventvault demo`: some orders for a server, to try a backup on.
struct DemoCommand: VaultCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Write made-up orders to a server, to see a backup pick them up.",
    discussion: """
      Writes into new streams demo-order-…, which no other run has used, and touches nothing that is there.

      EXAMPLES:
        eventvault demo --target tcp://admin@localhost:1113
        eventvault demo --target tcp://admin@localhost:1113 --events 5000

      EXIT CODES: 0 done, 12 denied, 13 unreachable, 64 usage.
      """)

  @OptionGroup var target: TargetOptions

  @Option(help: ArgumentHelp("How many events to write.", valueName: "n"))
  var events = 100

  @OptionGroup var json: JSONOption

  var printsJSON: Bool { json.isOn }

  func validate() throws {
    if !(1...10_000_000).contains(events) { throw ValidationError("The value of '--events' must be 1 to 10000000.") }
  }

  func execute(in context: CommandContext) async throws -> ExitCode {
    var last: StreamName?
    let streams = try await context.endingAtOnce {
      try await target.withConnection(in: context) { client in
        var orders = DemoOrders(events: events)
        var streams = 0
        while let order = orders.next() {
          _ = try await client.store.append(order.events, to: order.stream, expected: .noStream)
          streams += 1
          last = order.stream
        }
        return streams
      }
    }
    let lastName = last.map { "\($0)" } ?? ""
    if json.isOn {
      try context.console.print(
        JSONValue.object([
          ("kind", "demo"), ("version", 1), ("exitCode", 0), ("events", .integer(Int64(events))),
          ("streams", .integer(Int64(streams))), ("lastStream", .string(lastName)),
        ]).text)
    } else {
      try context.console.print(
        "wrote \(QuantityText.counted(events, "event")) to \(QuantityText.counted(streams, "new stream")), the last is \(lastName)"
      )
    }
    return .done
  }
}
