@testable import EventStoreClient
@testable import EventStoreCore
@testable import EventStoreTCP

/// Connection strings of both forms: understood, with settings that make sense, or refused in words.
enum ConnectionStringTarget: FuzzTarget {
  static let name = "connectionstring"

  static func seeds(_ samples: Samples) throws -> [[UInt8]] {
    [
      "tcp://localhost", "tcp://user:p%40ss@host:1113?tls=true&tlsVerifyCert=false&tlsTargetHost=db",
      "discover://user:pass@[::1]:2113,host2,10.0.0.1:9/?nodePreference=follower&requireLeader=false",
      "discover://a?gossipTls=true&gossipTimeout=500ms&maxDiscoverAttempts=3&discoveryInterval=2m&connectTimeout=10s",
      "ConnectTo=tcp://user:pass@host:1113; HeartBeatTimeout=1500; HeartbeatInterval=500; MaxRetries=-1;",
      "GossipSeeds=host:2113, host2:2113; DefaultUserCredentials=user:p:w; UseSslConnection=true; ValidateServer=false",
      "connectto=discover://h;targethost=x;maxconcurrentitems=5;maxqueuesize=9;reconnectiondelay=1s;verboselogging=x",
      "esdb://h", "host:1113", "tcp://h?connectionName=a%20b&requestTimeout=7s&tlsCaFile=/x",
    ].map { Array($0.utf8) }
  }

  static var words: [String] {
    ["://", "tcp", "discover"] + ConnectionOption.urlNames.keys.map { "&\($0)=" }
      + ConnectionOption.dotNetNames.keys.map { ";\($0)=" }
  }

  static func run(_ input: [UInt8]) {
    let text = String(decoding: input, as: UTF8.self)
    checkSecret(text)
    let understood: ConnectionString
    do {
      understood = try ConnectionString(text)
    } catch {
      claim(error.code == .invalidConnectionString, "a connection string fails with \(error)")
      return claim(!error.message.isEmpty, "a connection string is refused without words")
    }
    let problems = understood.settings.configuration(defaultConnectionName: "fuzz").problems
    claim(problems.isEmpty, "settings are taken that make no sense: \(problems)")
    checkEndpoints(understood)
    checkPlace(understood)
    checkPassword(understood)
  }

  /// Nodes have a name and a port.
  private static func checkEndpoints(_ string: ConnectionString) {
    let endpoints =
      switch string.settings.target {
      case .node(let node): [node]
      case .gossip(let seeds): seeds
      }
    claim(!endpoints.isEmpty, "a place is nowhere")
    for endpoint in endpoints {
      claim(
        (1...65535).contains(endpoint.port) && !endpoint.host.isEmpty && !endpoint.host.contains(where: \.isWhitespace),
        "\(endpoint) is no endpoint")
    }
  }

  /// The place that is printed is the place.
  private static func checkPlace(_ string: ConnectionString) {
    var anonymous = string
    anonymous.credentials = nil
    let again = mustNotThrow("the place \(anonymous) cannot be read") { try ConnectionString(anonymous.description) }
    claim(again.settings.target == string.settings.target, "\(anonymous) means another place")
  }

  /// What is printed does not depend on the password.
  private static func checkPassword(_ string: ConnectionString) {
    guard let credentials = string.credentials else { return }
    var other = string
    other.credentials = Credentials(login: credentials.login, password: credentials.password + "x")
    claim("\(other)" == "\(string)" && String(reflecting: other) == String(reflecting: string), "a password is printed")
  }

  /// Whatever stands before the last `@` of a URL is a password, or was meant as one: nothing that is said holds it.
  private static func checkSecret(_ text: String) {
    let secret = "zqzqzq"
    guard let scheme = text.firstRange(of: "://"), !text.contains(secret) else { return }
    // Without a name before it, what looks like a URL is one.
    guard !text[..<scheme.lowerBound].contains(where: { $0 == "=" || $0 == ";" }) else { return }
    let authority = text[scheme.upperBound...].prefix { $0 != "?" }
    guard let end = authority.lastIndex(of: "@") else { return }
    let input = text[..<end] + secret + text[end...]
    do {
      let understood = try ConnectionString(String(input))
      claim(!"\(understood) \(String(reflecting: understood))".contains(secret), "a password is printed")
    } catch {
      claim(!"\(error) \(error.message) \(error.hint ?? "")".contains(secret), "a refusal tells a password")
    }
  }
}
