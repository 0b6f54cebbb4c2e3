import EventStoreCore
import EventStoreServer
import EventStoreTCP
import GoldenTraffic
import Logging
import NIOCore
import NIOPosix
import Testing

@testable import EventStoreClient

@Suite("Gossip over HTTP")
struct GossipResolverTests {
  private let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

  private func resolver(_ seeds: [Endpoint], timeout: Duration = .seconds(5), attempts: Int = 1) -> GossipResolver {
    GossipResolver(
      seeds: seeds, selector: NodeSelector(preference: .leader, usesTLS: false), maximumAttempts: attempts,
      interval: .milliseconds(1), client: HTTPGossipClient(timeout: timeout, security: nil), logger: logger)
  }

  @Test("Gossip over TLS is taken only from a host whose certificate has the wanted name")
  func certificateName() async throws {
    var configuration = ServerConfiguration.freePorts
    configuration.tls = TLSFiles(
      certificatePath: try TestCertificate.certificatePath, keyPath: try TestCertificate.keyPath)
    let server = try await EmbeddedServer.start(configuration)
    // This port speaks TLS, and no HTTP: whoever accepts the certificate fails later.
    let node = Endpoint(host: "127.0.0.1", port: server.tcpPort)
    for (target, isCovered) in [(nil, true), ("localhost", true), ("db.example.com", false), ("192.0.2.1", false)] {
      let security = TransportSecurity(targetHost: target, authorityFile: try TestCertificate.certificatePath)
      let client = HTTPGossipClient(timeout: .seconds(60), security: security)
      let error = await #expect(throws: EventStoreError.self) { try await client.members(knownBy: node) }
      #expect((error?.code == .tlsFailed) == !isCovered, "\(target ?? "no target"): \(String(describing: error))")
    }
    await server.shutdown()
  }

  @Test("A server's gossip names its TCP port")
  func server() async throws {
    let server = try await EmbeddedServer.start(.freePorts)
    let seed = Endpoint(host: "localhost", port: server.httpPort)
    let endpoint = try await resolver([seed]).resolve(avoiding: nil)
    #expect(endpoint.port == server.tcpPort)
    await server.shutdown()
  }

  @Test("Row 30: a seed that takes the connection and never answers costs its time-out, and the next one is asked")
  func silentSeed() async throws {
    let server = try await EmbeddedServer.start(.freePorts)
    let silent = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .bind(host: "127.0.0.1", port: 0).get()
    let silentPort = try #require(silent.localAddress?.port)
    let client = HTTPGossipClient(timeout: .milliseconds(50), security: nil)
    let error = await #expect(throws: EventStoreError.self) {
      try await client.members(knownBy: Endpoint(host: "127.0.0.1", port: silentPort))
    }
    #expect(error?.code == .timedOut)
    let seeds = [silentPort, server.httpPort].map { Endpoint(host: "127.0.0.1", port: $0) }
    let endpoint = try await resolver(seeds, timeout: .milliseconds(500)).resolve(avoiding: nil)
    #expect(endpoint.port == server.tcpPort)
    try await silent.close()
    await server.shutdown()
  }

  @Test("Row 30: seeds that cannot be reached end in an error that says so")
  func unreachable() async throws {
    let unused = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .bind(host: "127.0.0.1", port: 0).get()
    let port = try #require(unused.localAddress?.port)
    try await unused.close()
    let error = await #expect(throws: EventStoreError.self) {
      try await resolver([Endpoint(host: "127.0.0.1", port: port)], attempts: 3).resolve(avoiding: nil)
    }
    #expect(error?.code == .discoveryFailed)
    #expect(error?.isTransient == true)
    #expect(error?.description.contains("cannot be reached") == true)
  }

  @Test("What does not answer with gossip is refused: the TCP port, and a path that is not there")
  func wrongPort() async throws {
    let server = try await EmbeddedServer.start(.freePorts)
    let client = HTTPGossipClient(timeout: .seconds(5), security: nil)
    await #expect(throws: EventStoreError.self) {
      try await client.members(knownBy: Endpoint(host: "127.0.0.1", port: server.tcpPort))
    }
    await server.shutdown()
  }
}
