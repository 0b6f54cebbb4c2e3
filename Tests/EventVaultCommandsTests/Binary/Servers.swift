import EventStoreServer
import EventStoreWire
import TestSupport

/// Embedded servers for one test, shut down at its end.
func withServers<Result>(
  demo: Int = 0, seed: UInt64 = 1, users: [String] = [],
  _ body: (_ source: EmbeddedServer, _ target: EmbeddedServer) async throws -> Result
) async throws -> Result {
  var configuration = ServerConfiguration.freePorts
  configuration.users += users.compactMap { ServerUser(parsing: $0) }
  let source = try await EmbeddedServer.start(configuration)
  source.log.fill(with: DemoEvents(count: demo, seed: seed))
  let target = try await EmbeddedServer.start(.freePorts)
  return try await doing {
    try await body(source, target)
  } finally: {
    await source.shutdown()
    await target.shutdown()
  }
}

/// The two nodes of a cluster, with one log, shut down at the end of the test.
func withCluster<Result>(
  demo: Int = 0, _ body: (_ leader: EmbeddedServer, _ other: EmbeddedServer) async throws -> Result
) async throws -> Result {
  try await withServers(demo: demo) { leader, _ in
    let other = try await EmbeddedServer.start(.freePorts, sharing: leader.log)
    return try await doing {
      try await body(leader, other)
    } finally: {
      await other.shutdown()
    }
  }
}

extension EmbeddedServer {
  /// Plans an election: after `requests` requests this node knows no leader, three requests later it names `other`, and that
  /// one needs three more until it is ready.
  func planElection(of other: EmbeddedServer, after requests: Int) {
    plan(Fault(.changeNode(.notReady), skipping: requests))
    let leader = LeaderInfo(
      tcp: .init(host: "127.0.0.1", port: Int32(other.tcpPort)),
      http: .init(host: "127.0.0.1", port: Int32(other.httpPort)))
    // What one fault hits, those behind it do not count.
    plan(Fault(.changeNode(.follower(of: leader)), skipping: requests + 2))
    other.setAvailability(.notReady)
    other.plan(Fault(.changeNode(.ready), skipping: 3))
  }

  /// Its connection string, as the administrator.
  var url: String { url(as: "admin:changeit@") }

  func url(as user: String) -> String { "tcp://\(user)127.0.0.1:\(tcpPort)" }
}
