package import EventStoreCore
package import EventStoreTCP

/// What a connection string says.
package struct ConnectionSettings: Hashable, Sendable {
  /// How the node is found.
  package enum Target: Hashable, Sendable {
    /// This one node, by TCP.
    case node(Endpoint)
    /// A node that one of these names, asked by HTTP; never empty.
    case gossip([Endpoint])
  }

  /// How the node is found.
  package var target: Target
  /// The user; nil stays anonymous.
  package var credentials: Credentials?
  /// Whether the TCP connection is made secure.
  package var usesTLS = false
  /// How it is made secure, when it is.
  package var security = TransportSecurity()
  /// Whether gossip is asked for by HTTPS; nil as `usesTLS`.
  package var usesTLSForGossip: Bool?
  /// Which node of a cluster is preferred.
  package var nodePreference = NodePreference.leader
  /// Whether only the leader may answer; nil when a leader is preferred.
  package var requiresLeader: Bool?
  /// The name that the server and the logs show; nil for the program's own.
  package var connectionName: String?
  /// The longest wait for a seed's answer.
  package var gossipTimeout: Duration = .seconds(5)
  /// How often all seeds are asked before giving up.
  package var maximumDiscoveryAttempts = 10
  /// The pause before all seeds are asked again.
  package var discoveryInterval: Duration = .milliseconds(100)
  /// What differs from the defaults of a TCP connection.
  package var overrides = Overrides()

  /// What differs from the defaults of a TCP connection.
  package struct Overrides: Hashable, Sendable {
    package var connectTimeout: Duration?
    package var requestTimeout: Duration?
    package var heartbeatInterval: Duration?
    package var heartbeatTimeout: Duration?
    package var maximumRequestsInFlight: Int?
    package var maximumWaitingRequests: Int?
    package var requestAttempts: AttemptLimit?
    package var reconnectionAttempts: AttemptLimit?
    package var reconnectionDelay: Duration?

    package init() {}
  }

  /// How often something is tried.
  package enum AttemptLimit: Hashable, Sendable {
    case unlimited
    case times(Int)

    var maximumAttempts: Int? {
      switch self {
      case .unlimited: nil
      case .times(let count): count
      }
    }
  }

  package init(target: Target) {
    self.target = target
  }
}

extension ConnectionSettings {
  /// Everything that makes no sense together, one sentence each.
  var problems: [String] {
    var problems = configuration(defaultConnectionName: "client").problems
    if !usesTLS {
      if security.authorityFile != nil { problems.append("tlsCaFile needs tls=true") }
      if security.targetHost != nil { problems.append("the TLS target host needs TLS to be on") }
      if security.clientCertificateFile != nil { problems.append("userCertFile needs tls=true") }
      if !security.verifiesCertificate { problems.append("switching the check of certificates off needs TLS to be on") }
    }
    if (security.clientCertificateFile == nil) != (security.clientKeyFile == nil) {
      problems.append("userCertFile and userKeyFile belong together")
    }
    if requiresLeader == true, nodePreference != .leader {
      problems.append("only the leader may answer, but another node is preferred")
    }
    if gossipTimeout <= .zero { problems.append("the gossip time-out must be more than nothing") }
    if discoveryInterval < .zero { problems.append("the discovery interval cannot be negative") }
    if !(1...100_000).contains(maximumDiscoveryAttempts) {
      problems.append("the number of discovery attempts must be 1 to 100000")
    }
    return problems
  }

  /// The configuration of the TCP connection.
  package func configuration(defaultConnectionName: String) -> TCPConfiguration {
    var configuration = TCPConfiguration(
      connectionName: connectionName ?? defaultConnectionName, credentials: credentials,
      security: usesTLS ? security : nil)
    configuration.requiresLeader = requiresLeader ?? (nodePreference == .leader)
    if let value = overrides.connectTimeout { configuration.connectTimeout = value }
    if let value = overrides.requestTimeout { configuration.requestTimeout = value }
    if let value = overrides.heartbeatInterval { configuration.heartbeatInterval = value }
    if let value = overrides.heartbeatTimeout { configuration.heartbeatTimeout = value }
    if let value = overrides.maximumRequestsInFlight { configuration.maximumRequestsInFlight = value }
    if let value = overrides.maximumWaitingRequests { configuration.maximumWaitingRequests = value }
    if let value = overrides.requestAttempts { configuration.requestRetries.maximumAttempts = value.maximumAttempts }
    if let value = overrides.reconnectionAttempts { configuration.reconnection.maximumAttempts = value.maximumAttempts }
    if let value = overrides.reconnectionDelay {
      configuration.reconnection.firstDelay = value
      configuration.reconnection.maximumDelay = max(value, configuration.reconnection.maximumDelay)
    }
    return configuration
  }
}
