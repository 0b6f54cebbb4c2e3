import EventStoreCore

/// What a node tells about itself over HTTP.
struct NodeStatus: Equatable, Sendable {
  /// The id the node made itself when it started.
  var instanceID: EventID
  /// The id of the node's one epoch.
  var epochID: EventID
  /// Where clients reach the node.
  var host: String
  /// The TCP port.
  var tcpPort: Int
  /// Whether the TCP port takes TLS only.
  var isTCPSecure: Bool
  /// The HTTP port.
  var httpPort: Int
  /// When the node started.
  var started: Timestamp
  /// Now.
  var now: Timestamp
  /// The commit position of the newest event; -1 when there is none.
  var lastCommitPosition: Int64
  /// Where the next record will be written.
  var writerCheckpoint: Int64
  /// How many TCP connections are open.
  var connectionCount: Int
  /// What it is in its cluster.
  var role = NodeRole.leader
  /// Whether the others hear from it.
  var isAlive = true
}
