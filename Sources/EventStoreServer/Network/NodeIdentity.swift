import EventStoreCore
import EventStoreWire

/// What does not change about a node while it runs.
struct NodeIdentity: Sendable {
  private let instanceID = EventID()
  private let epochID = EventID()
  private let host: String
  private let tcpPort: Int
  private let isTCPSecure: Bool
  private let started: Timestamp
  private let clock: @Sendable () -> Timestamp

  init(_ configuration: ServerConfiguration, tcpPort: Int) {
    host = configuration.advertisedHost
    self.tcpPort = tcpPort
    isTCPSecure = configuration.tls != nil
    started = configuration.clock()
    clock = configuration.clock
  }

  /// Where clients find the node, as other nodes tell them.
  func leaderInfo(httpPort: Int) -> LeaderInfo {
    let tcp = LeaderInfo.Address(host: host, port: Int32(tcpPort))
    let http = LeaderInfo.Address(host: host, port: Int32(httpPort))
    return LeaderInfo(tcp: tcp, http: http, secureTCP: isTCPSecure ? tcp : nil)
  }

  /// The node as it is now.
  func status(httpPort: Int, log: EventLog, connectionCount: Int) -> NodeStatus {
    NodeStatus(
      instanceID: instanceID, epochID: epochID, host: host, tcpPort: tcpPort, isTCPSecure: isTCPSecure,
      httpPort: httpPort, started: started, now: clock(), lastCommitPosition: log.lastCommitPosition,
      writerCheckpoint: log.writerCheckpoint, connectionCount: connectionCount)
  }
}
