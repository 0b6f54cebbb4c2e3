import EventStoreClient
import EventStoreServer
import TestSupport
import Testing

@Suite("The client", .timeLimit(.minutes(5)))
struct EventStoreClientTests {
  @Test("By address and by gossip the same server is found", arguments: ["tcp", "discover"])
  func schemes(scheme: String) async throws {
    try await withClient { client, server in
      try await client.publish(to: "ponies", PonyJumped.events(3))
      let port = scheme == "tcp" ? server.tcpPort : server.httpPort
      try await withEventStoreClient("\(scheme)://admin:changeit@127.0.0.1:\(port)") { other in
        try await other.ping()
        let page = try await other.get("ponies")
        #expect(page.count == 3)
      }
    }
  }

  @Test("Who the server does not know is refused, and the password is not told")
  func notAuthenticated() async throws {
    try await withClient { _, server in
      let error = await thrown {
        try await withEventStoreClient(server.url(user: "admin:wrong")) { try await $0.ping() }
      }
      #expect(error?.code == .notAuthenticated)
      #expect(error?.description.contains("wrong@") == false)
      try await server.connectionsAreClosed(except: 1)
    }
  }
}

extension EmbeddedServer {
  /// Waits until there are no more connections than this.
  fileprivate func connectionsAreClosed(except count: Int) async throws {
    let areClosed = await eventually { connectionCount <= count }
    #expect(areClosed)
  }
}
