import EventStoreClient
import EventStoreServer
import TestSupport

/// Runs `body` with a client that is an administrator, and its server, which also knows a user `reader`.
func withClient(_ body: (EventStoreClient, EmbeddedServer) async throws -> Void) async throws {
  var configuration = ServerConfiguration.freePorts
  configuration.heartbeatTimeOut = .seconds(60)
  configuration.users += [ServerUser(name: "reader", password: "reader-pass")]
  let server = try await EmbeddedServer.start(configuration)
  try await doing {
    try await withEventStoreClient(server.url()) { try await body($0, server) }
  } finally: {
    await server.shutdown()
  }
}

extension EmbeddedServer {
  /// A connection string, patient with a machine that has much to do.
  func url(user: String = "admin:changeit") -> String {
    "tcp://\(user)@127.0.0.1:\(tcpPort)?heartbeatTimeout=60s&requestTimeout=60s"
  }
}

/// What the seed's events tell.
struct PonyJumped: Codable, Hashable {
  var pony: String
  var height: Int
}

extension PonyJumped {
  /// So many events; the heights are their places.
  static func events(_ count: Int) throws -> [NewEvent] {
    try (0..<count).map { try NewEvent.json("PonyJumped", PonyJumped(pony: "Derpy Hooves", height: $0)) }
  }
}

extension AsyncSequence {
  /// All elements.
  func collected() async throws -> [Element] {
    var elements: [Element] = []
    for try await element in self { elements.append(element) }
    return elements
  }
}
