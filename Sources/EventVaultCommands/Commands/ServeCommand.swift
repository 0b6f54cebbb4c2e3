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
        eventvault serve --nodes 3
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

  @Option(help: ArgumentHelp("Run a cluster of this many nodes, at the ports from those two on.", valueName: "n"))
  var nodes = 1

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
    if !(1...9).contains(nodes) { problems.append("the value of '--nodes' must be 1 to 9") }
    if demo < 0 { problems.append("the value of '--demo' must not be negative") }
    for user in users where ServerUser(parsing: user) == nil {
      problems.append("a user is name:password or name:password:group,group, not '\(user.prefix { $0 != ":" })…'")
    }
    try refuse(problems)
  }

  func execute(in context: CommandContext) async throws -> ExitCode {
    let configuration = configuration
    let cluster = try await EmbeddedCluster.start(configuration)
    let events = demo > 0 ? cluster.log.fill(with: DemoEvents(count: demo)) : 0
    do {
      try announce(cluster, events: events, on: context.console)
    } catch {
      await cluster.shutdown()
      throw error
    }
    await context.interruption.wait()
    await cluster.shutdown()
    return .done
  }

  private var configuration: ClusterConfiguration {
    var configuration = ClusterConfiguration()
    configuration.count = nodes
    // What is served is 4.1.4's protocol, so the names are its too.
    configuration.gossip = .version4
    configuration.node.host = host
    configuration.node.tcpPort = tcpPort
    configuration.node.httpPort = httpPort
    configuration.node.users = ServerUser.defaults + users.compactMap { ServerUser(parsing: $0) }
    if let tlsCertificate, let tlsKey {
      configuration.node.tls = TLSFiles(certificatePath: tlsCertificate, keyPath: tlsKey)
    }
    return configuration
  }

  /// One node is best named itself, several by their gossip.
  private func connectionString(_ cluster: EmbeddedCluster) -> String {
    let address = host.contains(":") ? "[\(host)]" : host
    let hasTLS = tlsCertificate != nil
    guard nodes > 1 else {
      return "tcp://admin:changeit@\(address):\(cluster.node(0).tcpPort)\(hasTLS ? "?tls=true" : "")"
    }
    return "discover://admin:changeit@\(cluster.seeds)\(hasTLS ? "?tls=true&gossipTls=false" : "")"
  }

  private func announce(_ cluster: EmbeddedCluster, events: Int, on console: Console) throws {
    let connection = connectionString(cluster)
    guard json.isOn else {
      for index in 0..<nodes {
        let node = cluster.node(index)
        let role = nodes == 1 ? "" : index == cluster.leader ? ", the leader" : ", a follower"
        try console.print("listening: TCP \(host):\(node.tcpPort), HTTP \(host):\(node.httpPort)\(role)")
      }
      if events > 0 { try console.print("filled with \(QuantityText.counted(events, "demo event"))") }
      try console.print("connect with: \(connection)")
      return console.note("everything is in memory and gone when it ends; Ctrl-C ends it")
    }
    let ports = (0..<nodes).map { index in
      let node = cluster.node(index)
      return JSONValue.object([
        ("tcpPort", .integer(Int64(node.tcpPort))), ("httpPort", .integer(Int64(node.httpPort))),
        ("isLeader", .bool(index == cluster.leader)),
      ])
    }
    try console.print(
      JSONValue.object([
        ("kind", "serve"), ("version", 1), ("host", .string(host)),
        ("tcpPort", .integer(Int64(cluster.node(0).tcpPort))), ("httpPort", .integer(Int64(cluster.node(0).httpPort))),
        ("connectionString", .string(connection)), ("events", .integer(Int64(events))), ("nodes", .array(ports)),
      ]).text)
  }
}
