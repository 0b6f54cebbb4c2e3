import EventStoreClient
import EventStoreCore
import EventStoreServer
import TestSupport
import Testing

/// Runs `body` with a cluster, and shuts it down afterwards.
func withCluster(
  _ change: (inout ClusterConfiguration) -> Void = { _ in }, _ body: (EmbeddedCluster) async throws -> Void
) async throws {
  var configuration = ClusterConfiguration()
  configuration.node.heartbeatTimeOut = .seconds(120)
  change(&configuration)
  let cluster = try await EmbeddedCluster.start(configuration)
  try await doing {
    try await body(cluster)
  } finally: {
    await cluster.shutdown()
  }
}

extension EmbeddedCluster {
  /// The connection string with all nodes as seeds, and with these options.
  func url(_ options: String = "") -> String {
    "discover://admin:changeit@\(seeds)?\(options)&connectTimeout=60s&requestTimeout=60s&heartbeatTimeout=120s"
  }

  /// The nodes that have connections.
  var connected: [Int] { (0..<count).filter { node($0).connectionCount > 0 } }
}
