import EventStoreCore
import EventStoreServer
import EventStoreTCP
import GoldenTraffic
import Testing

/// The server's certificate is for `localhost` and 127.0.0.1, and its own authority.
@Suite("TLS", .timeLimit(.minutes(5)))
struct TLSTests {
  private func secured(_ change: (inout TransportSecurity) -> Void = { _ in }) throws -> TCPConfiguration {
    var security = TransportSecurity(authorityFile: try TestCertificate.certificatePath)
    change(&security)
    var configuration = TCPConfiguration.patient()
    configuration.security = security
    configuration.firstConnection = RetryPolicy(maximumAttempts: 1)
    return configuration
  }

  private func withSecureServer(_ body: (EmbeddedServer) async throws -> Void) async throws {
    var configuration = ServerConfiguration.patient
    configuration.tls = TLSFiles(
      certificatePath: try TestCertificate.certificatePath, keyPath: try TestCertificate.keyPath)
    try await withServer(configuration, body)
  }

  @Test(
    "Row 38: a certificate of a known authority is accepted for each name and address in it",
    arguments: ["127.0.0.1", "localhost"])
  func verified(host: String) async throws {
    try await withSecureServer { server in
      for target in [nil, "localhost", "LOCALHOST.", "127.0.0.1"] {
        try await withStore(try secured { $0.targetHost = target }, host: host, port: server.tcpPort) { store in
          let sent = events(500)
          _ = try await store.append(sent, to: StreamName("s-\(target ?? "")-\(host)"), expected: .noStream)
        }
      }
    }
  }

  @Test("Row 38: a certificate of an unknown authority is refused, and not tried again")
  func unknownAuthority() async throws {
    try await withSecureServer { server in
      var configuration = try secured { $0.authorityFile = nil }
      configuration.firstConnection = RetryPolicy(maximumAttempts: nil)
      let error = await error(of: { try await TCPEventStore.connect(configuration, port: server.tcpPort) })
      #expect(error?.code == .tlsFailed)
      #expect(error?.hint?.contains("authority") == true)
      #expect(error?.cause == "no trusted authority has signed its certificate, or the certificate is not valid today")
    }
  }

  @Test(
    "Row 38: a host or address that the certificate does not have is refused, though it has the address that is connected to",
    arguments: ["db.example.com", "localhost.example.com", "ocalhost", "192.0.2.1", "::1"])
  func wrongTarget(target: String) async throws {
    try await withSecureServer { server in
      let configuration = try secured { $0.targetHost = target }
      let error = await error(of: { try await TCPEventStore.connect(configuration, port: server.tcpPort) })
      #expect(error?.code == .tlsFailed)
      #expect(error?.message == "the certificate of 127.0.0.1:\(server.tcpPort) is not for \(target)")
      #expect(error?.hint?.contains("target host") == true)
    }
  }

  @Test("Row 38: without verification any certificate will do")
  func unverified() async throws {
    try await withSecureServer { server in
      let configuration = try secured {
        $0 = TransportSecurity(verifiesCertificate: false, targetHost: "db.example.com")
      }
      try await withStore(configuration, port: server.tcpPort) { try await $0.ping() }
    }
  }

  @Test("Row 38: a file with authorities that is not there, or is no certificate, is told before anything is opened")
  func badAuthorities() async throws {
    for path in ["/nowhere/ca.pem", try TestCertificate.keyPath] {
      let configuration = try secured { $0.authorityFile = path }
      let error = await error(of: { try await TCPEventStore.connect(configuration, port: 1) })
      #expect(error?.code == .tlsFailed)
      #expect(error?.message.contains(path) == true)
    }
  }

  @Test("Row 38: TLS with a port that does not speak it ends with a hint")
  func plainPort() async throws {
    try await withServer { server in
      var configuration = try secured()
      configuration.connectTimeout = .seconds(1)
      let error = await error(of: { try await TCPEventStore.connect(configuration, port: server.tcpPort) })
      #expect(error?.code == .tlsFailed)
      #expect(error?.cause == "it does not answer in TLS")
      #expect(error?.hint?.contains("the port speaks TLS") == true)
    }
  }

  @Test("Plain talk with a port that wants TLS fails with a hint")
  func securePort() async throws {
    try await withSecureServer { server in
      var configuration = TCPConfiguration.patient()
      configuration.firstConnection = RetryPolicy(maximumAttempts: 1)
      let error = await error(of: { try await TCPEventStore.connect(configuration, port: server.tcpPort) })
      #expect(error != nil && error?.code != .notAuthenticated)
      #expect(error?.hint?.contains("TLS") == true)
    }
  }

  @Test("Row 38: a cut TLS connection is mended as others are")
  func mended() async throws {
    try await withSecureServer { server in
      try await withStore(try secured(), port: server.tcpPort) { store in
        for _ in 0..<3 {
          try await store.ping()
          #expect(await server.cutConnections() == 1)
        }
        try await store.ping()
      }
    }
  }

  @Test("Row 38: a server that asks for a client's certificate lets in who has one, and says so to who has none")
  func clientCertificate() async throws {
    let (certificate, key) = (try TestCertificate.certificatePath, try TestCertificate.keyPath)
    var settings = ServerConfiguration.patient
    settings.tls = TLSFiles(certificatePath: certificate, keyPath: key, clientAuthorityPath: certificate)
    try await withServer(settings) { server in
      let known = try secured { ($0.clientCertificateFile, $0.clientKeyFile) = (certificate, key) }
      try await withStore(known, port: server.tcpPort) { try await $0.ping() }
      let error = await error(of: { try await TCPEventStore.connect(try secured(), port: server.tcpPort) })
      #expect(error?.code == .tlsFailed, "\(String(describing: error))")
      #expect(error?.hint?.contains("certificate") == true)
    }
  }

  @Test("Row 38: a client's certificate or key that cannot be used is told before anything is opened")
  func badClientCertificate() async throws {
    let (certificate, key) = (try TestCertificate.certificatePath, try TestCertificate.keyPath)
    for (first, second) in [("/nowhere/client.pem", key), (certificate, "/nowhere/key.pem"), (key, certificate)] {
      let configuration = try secured { ($0.clientCertificateFile, $0.clientKeyFile) = (first, second) }
      let error = await error(of: { try await TCPEventStore.connect(configuration, port: 1) })
      #expect(error?.code == .tlsFailed)
      #expect(error?.message.contains(first) == true && error?.message.contains(second) == true)
    }
  }
}
