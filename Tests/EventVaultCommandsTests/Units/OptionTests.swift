import EventStoreCore
import EventVaultCommands
import Testing

@Suite("Options")
struct OptionTests {
  private func address(
    flag: String? = nil, file: String? = nil, environment: [String: String] = [:], content: String = "from-file\n"
  ) throws -> ServerAddress {
    try ServerAddress(
      flag: flag, option: "--source", variable: "EVENTVAULT_SOURCE", passwordFile: file, environment: environment,
      readFile: { _ in content })
  }

  @Test("A flag wins over the environment")
  func flag() throws {
    let environment = ["EVENTVAULT_SOURCE": "tcp://env"]
    #expect(try address(flag: "tcp://flag", environment: environment).connectionString == "tcp://flag")
    #expect(try address(environment: environment).connectionString == "tcp://env")
  }

  @Test("Without an address the error names the option and the variable")
  func none() {
    let failure = #expect(throws: CommandFailure.self) { try address(environment: ["EVENTVAULT_SOURCE": ""]) }
    #expect(failure?.code == .usage)
    #expect(failure?.hint?.contains("--source") == true && failure?.hint?.contains("EVENTVAULT_SOURCE") == true)
  }

  @Test("A password file wins over the environment, and its first line is the password")
  func password() throws {
    let environment = ["EVENTVAULT_PASSWORD": "from-env"]
    #expect(try address(flag: "tcp://u@h", environment: environment).password == "from-env")
    #expect(try address(flag: "tcp://u@h", file: "f", environment: environment).password == "from-file")
    #expect(try address(flag: "tcp://u@h", file: "f", content: "p w \r\nrest").password == "p w ")
    #expect(throws: CommandFailure.self) { try address(flag: "tcp://u@h", file: "f", content: "\n") }
  }

  @Test("An address never shows its password")
  func redaction() throws {
    let address = try address(flag: "tcp://u:hidden@h", environment: ["EVENTVAULT_PASSWORD": "hidden2"])
    let shown =
      "\(address) \(String(reflecting: address))" + Mirror(reflecting: address).children.map { "\($0.value)" }.joined()
    #expect(!shown.contains("hidden"))
  }

  @Test(
    "Times and sizes have units",
    arguments: [
      ("500ms", Duration.milliseconds(500)), ("1s", .seconds(1)), ("5m", .seconds(300)), ("2h", .seconds(7200)),
    ])
  func durations(text: String, duration: Duration) throws {
    let argument = try #require(DurationArgument(argument: text))
    #expect(argument.duration == duration)
    #expect(argument.defaultValueDescription == text)
  }

  @Test(
    "What is no time is refused", arguments: ["", "1", "0s", "-1s", "s", "1.5s", "1 s", "1d", "99999999999999999999s"])
  func badDurations(text: String) {
    #expect(DurationArgument(argument: text) == nil)
  }

  @Test(
    "Sizes are whole bytes in binary units",
    arguments: [("1", 1), ("4096", 4096), ("64MiB", 64 << 20), ("3GiB", 3 << 30), ("7KiB", 7 << 10)])
  func sizes(text: String, bytes: Int) {
    #expect(ByteCountArgument(argument: text)?.bytes == bytes)
  }

  @Test("What is no size is refused", arguments: ["", "0", "-1", "MiB", "1MB", "1.5MiB", "99999999999GiB"])
  func badSizes(text: String) {
    #expect(ByteCountArgument(argument: text) == nil)
  }

  @Test("A filter goes by type, and by number or position")
  func filter() {
    func event(_ number: EventNumber, _ commit: Int64?, _ type: EventType = "A") -> RecordedEvent {
      RecordedEvent(
        stream: "s", number: number, id: EventID(), type: type, isJSON: false, data: "", created: Timestamp(ticks: 0),
        position: commit.map { Position(commit: $0, prepare: $0) })
    }
    #expect(PrintFilter().accepts(event(0, nil)))
    #expect(PrintFilter(types: ["B", "A"]).accepts(event(0, nil)) && !PrintFilter(types: ["B"]).accepts(event(0, nil)))
    #expect([4, 5, 6].map { PrintFilter(start: .number(5)).accepts(event($0, 1)) } == [false, true, true])
    #expect([4, 5, 6].map { PrintFilter(start: .commit(5)).accepts(event(0, $0)) } == [false, true, true])
    #expect(PrintFilter(start: .commit(5)).accepts(event(0, nil)))
  }

  @Test("Demo orders are as many events as asked for, in new streams of at most three", arguments: [1, 3, 10, 100])
  func demo(events: Int) {
    let orders = Array(DemoOrders(events: events))
    #expect(orders.reduce(0) { $0 + $1.events.count } == events)
    #expect(Set(orders.map(\.stream)).count == orders.count)
    #expect(orders.allSatisfy { (1...3).contains($0.events.count) })
    #expect(Array(DemoOrders(events: 1))[0].stream != orders[0].stream)
  }
}
