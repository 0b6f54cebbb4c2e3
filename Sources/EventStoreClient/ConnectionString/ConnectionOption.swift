internal import EventStoreTCP

/// What can be chosen in a connection string besides place and user.
enum ConnectionOption: Hashable {
  case tls
  case gossipTLS
  case verifyCertificate
  case skipCertificateCheck
  case authorityFile
  case targetHost
  case clientCertificateFile
  case clientKeyFile
  case nodePreference
  case requireLeader
  case connectionName
  case gossipTimeout
  case discoveryAttempts
  case discoveryInterval
  case connectTimeout
  case requestTimeout
  case heartbeatInterval
  case heartbeatTimeout
  case requestRetries
  case reconnections
  case reconnectionDelay
  case requestsInFlight
  case waitingRequests
  /// Known to other clients, without a meaning here.
  case withoutEffect

  /// The names after `?` in a URL, in lower case.
  static let urlNames: [String: ConnectionOption] = [
    "tls": .tls,
    "gossiptls": .gossipTLS,
    "tlsverifycert": .verifyCertificate,
    "tlscafile": .authorityFile,
    "tlstargethost": .targetHost,
    "usercertfile": .clientCertificateFile,
    "userkeyfile": .clientKeyFile,
    "nodepreference": .nodePreference,
    "requireleader": .requireLeader,
    "connectionname": .connectionName,
    "gossiptimeout": .gossipTimeout,
    "maxdiscoverattempts": .discoveryAttempts,
    "discoveryinterval": .discoveryInterval,
    "connecttimeout": .connectTimeout,
    "requesttimeout": .requestTimeout,
    "heartbeatinterval": .heartbeatInterval,
    "heartbeattimeout": .heartbeatTimeout,
    "maxretries": .requestRetries,
    "maxreconnections": .reconnections,
    "reconnectiondelay": .reconnectionDelay,
  ]

  /// The .NET client's names, in lower case.
  static let dotNetNames: [String: ConnectionOption] = [
    "usesslconnection": .tls,
    "gossipovertls": .gossipTLS,
    "validateserver": .verifyCertificate,
    "skipcertificatevalidation": .skipCertificateCheck,
    "tlscafile": .authorityFile,
    "targethost": .targetHost,
    "usercertfile": .clientCertificateFile,
    "userkeyfile": .clientKeyFile,
    "nodepreference": .nodePreference,
    "requiremaster": .requireLeader,
    "requireleader": .requireLeader,
    "connectionname": .connectionName,
    "gossiptimeout": .gossipTimeout,
    "maxdiscoverattempts": .discoveryAttempts,
    "clientconnectiontimeout": .connectTimeout,
    "connectiontimeout": .connectTimeout,
    "operationtimeout": .requestTimeout,
    "heartbeatinterval": .heartbeatInterval,
    "heartbeattimeout": .heartbeatTimeout,
    "maxretries": .requestRetries,
    "maxreconnections": .reconnections,
    "reconnectiondelay": .reconnectionDelay,
    "maxconcurrentitems": .requestsInFlight,
    "maxqueuesize": .waitingRequests,
    "verboselogging": .withoutEffect,
    "failonnoserverresponse": .withoutEffect,
    "operationtimeoutcheckperiod": .withoutEffect,
  ]
}

extension ConnectionSettings {
  /// Takes the text given for an option; `name` is how it was written.
  mutating func apply(_ option: ConnectionOption, _ name: String, _ text: String, _ problems: inout [String]) {
    var value = OptionValue(name: name, text: text, problems: problems)
    switch option {
    case .tls: value.bool { usesTLS = $0 }
    case .gossipTLS: value.bool { usesTLSForGossip = $0 }
    case .verifyCertificate: value.bool { security.verifiesCertificate = $0 }
    case .skipCertificateCheck: value.bool { security.verifiesCertificate = !$0 }
    case .authorityFile: value.text { security.authorityFile = $0 }
    case .targetHost: value.text { security.targetHost = $0 }
    case .clientCertificateFile: value.text { security.clientCertificateFile = $0 }
    case .clientKeyFile: value.text { security.clientKeyFile = $0 }
    case .nodePreference: value.nodePreference { nodePreference = $0 }
    case .requireLeader: value.bool { requiresLeader = $0 }
    case .connectionName: value.text { connectionName = $0 }
    case .gossipTimeout: value.duration { gossipTimeout = $0 }
    case .discoveryAttempts: value.integer { maximumDiscoveryAttempts = $0 }
    case .discoveryInterval: value.duration { discoveryInterval = $0 }
    case .connectTimeout: value.duration { overrides.connectTimeout = $0 }
    case .requestTimeout: value.duration { overrides.requestTimeout = $0 }
    case .heartbeatInterval: value.duration { overrides.heartbeatInterval = $0 }
    case .heartbeatTimeout: value.duration { overrides.heartbeatTimeout = $0 }
    case .requestRetries: value.attempts { overrides.requestAttempts = $0 }
    case .reconnections: value.attempts { overrides.reconnectionAttempts = $0 }
    case .reconnectionDelay: value.duration { overrides.reconnectionDelay = $0 }
    case .requestsInFlight: value.integer { overrides.maximumRequestsInFlight = $0 }
    case .waitingRequests: value.integer { overrides.maximumWaitingRequests = $0 }
    case .withoutEffect: break
    }
    problems = value.problems
  }
}
