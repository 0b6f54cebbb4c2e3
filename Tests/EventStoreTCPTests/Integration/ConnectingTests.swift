import EventStoreCore
import EventStoreServer
import EventStoreTCP
import TestSupport
import Testing

@Suite("Connecting over TCP", .timeLimit(.minutes(5)))
struct ConnectingTests {
  @Test("Row 34: a wrong password, and an unknown user, are refused after some tries, and the password is in no word")
  func wrongPassword() async throws {
    try await withServer { server in
      for credentials in [
        Credentials(login: "admin", password: "swordfish"), Credentials(login: "nobody", password: "swordfish"),
      ] {
        let error = await error(of: { try await TCPEventStore.connect(.patient(as: credentials), port: server.tcpPort) }
        )
        #expect(error?.code == .notAuthenticated)
        #expect(error?.message == "127.0.0.1:\(server.tcpPort) refused the login of \(credentials.login)")
        #expect(error?.cause == "Unauthorized")
        #expect(error?.description.contains("swordfish") == false)
      }
      #expect(await eventually { server.connectionCount == 0 })
    }
  }

  @Test("Row 34: without credentials, and with good ones, a client is let in and can ask")
  func lettingIn() async throws {
    try await withServer { server in
      for user in [nil, reader, administrator] {
        try await withStore(.patient(as: user), port: server.tcpPort) { store in
          try await store.ping()
          _ = try await store.readStream("s", .forward, from: 0, maximumCount: 1, resolveLinks: false)
        }
      }
      #expect(await eventually { server.connectionCount == 0 })
    }
  }

  @Test("Row 2: a closed port is told as such, with a hint, after the allowed attempts")
  func closedPort() async throws {
    let port = try await withServer { $0.tcpPort }
    var configuration = TCPConfiguration.patient()
    configuration.firstConnection = RetryPolicy(maximumAttempts: 3, firstDelay: .milliseconds(1))
    let error = await error(of: { try await TCPEventStore.connect(configuration, port: port) })
    #expect(error?.code == .unreachable)
    #expect(error?.message == "no connection to 127.0.0.1:\(port) could be made, after 3 attempts")
    #expect(error?.hint != nil && error?.isTransient == true)
  }

  @Test("A server that closes the first connections is reached by the next one")
  func refusedConnections() async throws {
    try await withServer { server in
      server.plan(Fault(.refuseConnection, times: 3))
      try await withStore(port: server.tcpPort) { try await $0.ping() }
      #expect(server.faultHits == 3)
    }
  }

  @Test("Row 37: a server that accepts and says nothing is given up after the time-out, not waited for")
  func silentServer() async throws {
    try await withServer { server in
      server.plan(Fault(.dropAnswer, on: 0xF5, times: 2))
      var configuration = TCPConfiguration.patient()
      configuration.connectTimeout = .milliseconds(500)
      configuration.firstConnection = RetryPolicy(maximumAttempts: 2, firstDelay: .milliseconds(1))
      let error = await error(of: { try await TCPEventStore.connect(configuration, port: server.tcpPort) })
      #expect(error?.code == .timedOut)
      #expect(error?.message.contains("accepted the connection but did not answer in time") == true)
    }
  }

  @Test("The HTTP port is told from the TCP port")
  func httpPort() async throws {
    try await withServer { server in
      var configuration = TCPConfiguration.patient()
      configuration.firstConnection = RetryPolicy(maximumAttempts: 1)
      let error = await error(of: { try await TCPEventStore.connect(configuration, port: server.httpPort) })
      #expect(error?.code == .unreachable)
      #expect(error?.message == "127.0.0.1:\(server.httpPort) does not speak the event store's TCP protocol")
      #expect(error?.hint?.contains("1113") == true)
    }
  }

  @Test("A configuration that makes no sense is refused before anything is opened")
  func senseless() async throws {
    var configuration = TCPConfiguration.patient()
    configuration.requestTimeout = .zero
    let error = await error(of: { try await TCPEventStore.connect(configuration, port: 1) })
    #expect(error?.code == .invalidArgument)
  }

  @Test("Row 2: a connection attempt that is cancelled ends, and leaves nothing open")
  func cancelled() async throws {
    try await withServer { server in
      // No answer to the login comes, and none is waited for.
      server.plan(Fault(.dropAnswer, on: 0xF2))
      let port = server.tcpPort
      let connecting = Task { try await TCPEventStore.connect(.patient(), port: port) }
      #expect(await eventually { server.faultHits == 1 })
      connecting.cancel()
      await #expect(throws: CancellationError.self) { try await connecting.value }
      #expect(await eventually { server.connectionCount == 0 })
    }
  }

  @Test("Row 2: after a close every call fails at once, waiting ones too, and a second close is harmless")
  func closed() async throws {
    try await withServer { server in
      server.plan(Fault(.dropAnswer, on: 0x03))
      let store = try await TCPEventStore.connect(.patient(), port: server.tcpPort)
      let waiting = Task { try await store.ping() }
      #expect(await eventually { server.faultHits == 1 })
      await store.close()
      await store.close()
      #expect(await error(of: { try await waiting.value })?.code == .clientClosed)
      #expect(await error(of: { try await store.ping() })?.code == .clientClosed)
      #expect(await eventually { server.connectionCount == 0 })
    }
  }

  @Test("Row 1: a client that nobody holds any more closes its connection")
  func released() async throws {
    try await withServer { server in
      do {
        let store = try await TCPEventStore.connect(.patient(), port: server.tcpPort)
        try await store.ping()
        #expect(server.connectionCount == 1)
      }
      #expect(await eventually { server.connectionCount == 0 })
    }
  }
}
