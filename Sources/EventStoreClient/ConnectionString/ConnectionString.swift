public import EventStoreCore
internal import EventStoreTCP

/// Where an event store is and how to talk to it, as one line of text.
///
/// Two forms are understood. URLs: `tcp://user:password@host:1113?tls=true` for one node, and
/// `discover://user:password@host:2113,host:2113` for a cluster whose leader is asked for over HTTP. And the .NET client's:
/// `ConnectTo=tcp://…; HeartBeatTimeout=1500` or `GossipSeeds=host:2113,host:2113; DefaultUserCredentials=user:password`.
/// Option names are case-insensitive; docs/CONNECTION-STRINGS.md lists them. Prints without the password.
public struct ConnectionString: Hashable, Sendable {
  /// What the text says, with defaults for the rest.
  package var settings: ConnectionSettings

  /// Reads a connection string.
  /// - Throws: `invalidConnectionString`, with every problem at once.
  public init(_ text: String) throws(EventStoreError) {
    var problems: [String] = []
    let isURL = text.prefix { $0 != "=" && $0 != ";" }.contains("://")
    let settings =
      isURL
      ? ConnectionURLParser.parse(text, &problems) : DotNetConnectionStringParser.parse(text, &problems)
    if let settings { problems += settings.problems }
    guard let settings, problems.isEmpty else {
      throw EventStoreError(
        .invalidConnectionString, "the connection string is wrong: \(problems.joined(separator: "; "))",
        hint: "it looks like tcp://user:password@host:1113 or discover://user:password@host:2113")
    }
    self.settings = settings
  }

  /// The user; nil stays anonymous.
  public var credentials: Credentials? {
    get { settings.credentials }
    set { settings.credentials = newValue }
  }
}

extension ConnectionString: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The place and the user, as a URL without the password and the options.
  public var description: String {
    let user = settings.credentials.map { "\($0)@" } ?? ""
    return switch settings.target {
    case .node(let endpoint): "tcp://\(user)\(endpoint)"
    case .gossip(let seeds): "discover://\(user)\(seeds.map(\.description).joined(separator: ","))"
    }
  }

  public var debugDescription: String { description }

  public var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}
