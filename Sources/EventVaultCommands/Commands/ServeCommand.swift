import ArgumentParser
import EventStoreCore
import EventStoreServer

/// `eventvault serve`: the embedded server.
struct ServeCommand: VaultCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Run an EventStore server in memory, for trials and tests.",
    discussion: """
      Speaks the TCP protocol, and gossip over HTTP, without any set-up. It forgets everything when it ends. Once both ports \
      take connections it prints them and the connection string; with --json that is one line for scripts.

      EXAMPLES:
        eventvault serve
        eventvault serve --demo 10000
        eventvault serve --tcp-port 0 --http-port 0 --json
        eventvault serve --user 'alice:secret:$admins' --user bob:secret:readers

      EXIT CODES: 0 ended by a signal, 1 a port is taken, 64 usage.
      """)

  @Option(help: ArgumentHelp("The address to listen on.", valueName: "address"))
  var host = "127.0.0.1"

  @Option(help: ArgumentHelp("The TCP port; 0 for a free one.", valueName: "n"))
  var tcpPort = 1113

  @Option(help: ArgumentHelp("The HTTP port; 0 for a free one.", valueName: "n"))
  var httpPort = 2113

  @Option(help: ArgumentHelp("Fill it with this many events of a made-up shop.", valueName: "n"))
  var demo = 0

  @Option(
    name: .customLong("user"),
    help: ArgumentHelp(
      "A user, beside admin:changeit and ops:changeit; can be repeated.", valueName: "name:password[:group,group]"))
  var users: [String] = []

  @Option(help: ArgumentHelp("Take TLS only on the TCP port, with this certificate.", valueName: "pem"))
  var tlsCertificate: String?

  @Option(help: ArgumentHelp("The certificate's private key.", valueName: "pem"))
  var tlsKey: String?

  @OptionGroup var json: JSONOption

  var printsJSON: Bool { json.isOn }

  func validate() throws {
    var problems: [String] = []
    if (tlsCertificate == nil) != (tlsKey == nil) {
      problems.append("'--tls-certificate' and '--tls-key' belong together")
    }
    if demo < 0 { problems.append("the value of '--demo' must not be negative") }
    for user in users where ServerUser(parsing: user) == nil {
      problems.append("a user is name:password or name:password:group,group, not '\(user.prefix { $0 != ":" })…'")
    }
    try refuse(problems)
  }

  func execute(in context: CommandContext) async throws -> ExitCode {
    var configuration = ServerConfiguration()
    configuration.host = host
    configuration.tcpPort = tcpPort
    configuration.httpPort = httpPort
    configuration.users = ServerUser.defaults + users.compactMap { ServerUser(parsing: $0) }
    if let tlsCertificate, let tlsKey {
      configuration.tls = TLSFiles(certificatePath: tlsCertificate, keyPath: tlsKey)
    }
    let server = try await EmbeddedServer.start(configuration)
    let events = demo > 0 ? server.log.fill(with: DemoEvents(count: demo)) : 0
    do {
      try announce(server, events: events, on: context.console)
    } catch {
      await server.shutdown()
      throw error
    }
    await context.interruption.wait()
    await server.shutdown()
    return .done
  }

  private func announce(_ server: EmbeddedServer, events: Int, on console: Console) throws {
    let address = host.contains(":") ? "[\(host)]" : host
    let tls = tlsCertificate == nil ? "" : "?tls=true"
    let connection = "tcp://admin:changeit@\(address):\(server.tcpPort)\(tls)"
    guard json.isOn else {
      try console.print("listening: TCP \(host):\(server.tcpPort), HTTP \(host):\(server.httpPort)")
      if events > 0 { try console.print("filled with \(QuantityText.counted(events, "demo event"))") }
      try console.print("connect with: \(connection)")
      return console.note("everything is in memory and gone when it ends; Ctrl-C ends it")
    }
    try console.print(
      JSONValue.object([
        ("kind", "serve"), ("version", 1), ("host", .string(host)), ("tcpPort", .integer(Int64(server.tcpPort))),
        ("httpPort", .integer(Int64(server.httpPort))), ("connectionString", .string(connection)),
        ("events", .integer(Int64(events))),
      ]).text)
  }
}
