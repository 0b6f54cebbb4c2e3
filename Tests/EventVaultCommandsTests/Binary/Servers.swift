import EventStoreServer

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
  do {
    let result = try await body(source, target)
    await source.shutdown()
    await target.shutdown()
    return result
  } catch {
    await source.shutdown()
    await target.shutdown()
    throw error
  }
}

extension EmbeddedServer {
  /// Its connection string, as the administrator.
  var url: String { url(as: "admin:changeit@") }

  func url(as user: String) -> String { "tcp://\(user)127.0.0.1:\(tcpPort)" }
}
