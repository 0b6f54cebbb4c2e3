import EventStoreCore
import EventStoreServer
import Logging
import TestSupport
import Testing

@testable import EventStoreClient
@testable import EventStoreTCP

/// Rows 1 to 3, 32, 34 and 35: the connection's life, who uses it, and what is told about it.
@Suite("The client's connection", .timeLimit(.minutes(5)))
struct ConnectionRowTests {
  private func event(_ number: Int = 0) -> ProposedEvent {
    ProposedEvent(type: "counted", isJSON: true, data: Bytes("{\"n\":\(number)}"))
  }

  private func withServer(
    _ change: (inout ServerConfiguration) -> Void = { _ in }, _ body: (EmbeddedServer) async throws -> Void
  ) async throws {
    var configuration = ServerConfiguration.freePorts
    configuration.heartbeatTimeOut = .seconds(120)
    change(&configuration)
    let server = try await EmbeddedServer.start(configuration)
    try await doing {
      try await body(server)
    } finally: {
      await server.shutdown()
    }
  }

  private func url(_ server: EmbeddedServer, user: String = "admin:changeit@", _ options: String = "") -> String {
    "tcp://\(user)127.0.0.1:\(server.tcpPort)?\(options)"
  }

  @Test("Row 1: inside the scope the server answers; after it the socket closes within a second, and nothing goes on")
  func scope() async throws {
    try await withServer { server in
      weak var connection: EventStoreConnection?
      try await withEventStoreClient(url(server)) { client in
        try await client.ping()
        connection = client.tcp.connection
        #expect(connection != nil && server.connectionCount == 1)
        // Also what is left open is ended with the scope.
        _ = try await client.subscribe(to: "s")
        _ = try await client.catchUp("s")
      }
      #expect(await eventually(within: .seconds(1)) { server.connectionCount == 0 })
      // A timer or a task that still ran would hold it.
      #expect(await eventually { connection == nil })
    }
  }

  @Test("Row 1: a scope that throws closes the socket too, and hands the error on")
  func throwingScope() async throws {
    struct Mine: Error {}
    try await withServer { server in
      await #expect(throws: Mine.self) {
        try await withEventStoreClient(url(server)) { _ in throw Mine() }
      }
      #expect(await eventually(within: .seconds(1)) { server.connectionCount == 0 })
    }
  }

  @Test("Row 2: a closed port is told by a typed error within the time-out")
  func closedPort() async throws {
    let server = try await EmbeddedServer.start(.freePorts)
    await server.shutdown()
    let start = ContinuousClock.now
    let error = await thrown { try await EventStoreClient.connect(url(server, "connectTimeout=10s")) }
    #expect(error?.code == .unreachable)
    #expect(ContinuousClock.now - start < .seconds(30))
  }

  @Test("Row 2: requests before, during and after a close all end, and none succeeds after it")
  func closing() async throws {
    try await withServer { server in
      for round in 0..<20 {
        let client = try await EventStoreClient.connect(url(server))
        try await withThrowingTaskGroup { tasks in
          for number in 0..<50 {
            tasks.addTask {
              if number == 10 + round { await client.close() }
              do { try await client.ping() } catch let error as EventStoreError where error.code == .clientClosed {}
            }
          }
          try await tasks.waitForAll()
        }
        #expect(await thrown { try await client.ping() }?.code == .clientClosed)
        #expect(await thrown { try await client.subscribe(to: "s") }?.code == .clientClosed)
        await client.close()
      }
      #expect(await eventually { server.connectionCount == 0 })
    }
  }

  @Test("Row 3: 500 appends and 500 reads at once on one connection are each answered with their own")
  func fullDuplex() async throws {
    try await withServer { server in
      try await withEventStoreClient(url(server)) { client in
        let known = (0..<500).map { event($0) }
        try await client.publish(to: "known", known, expectedVersion: .noStream)
        let written = try await withThrowingTaskGroup(of: (EventNumber, EventID)?.self) { tasks in
          for number in 0..<500 {
            tasks.addTask {
              let mine = event(number)
              let result = try await client.publish(to: "s", [mine], expectedVersion: .any)
              #expect(result.firstEventNumber == result.lastEventNumber)
              return (result.lastEventNumber, mine.id)
            }
            tasks.addTask {
              let event = try await client.getEvent("known", EventNumber(number))
              #expect(event.number == EventNumber(number) && event.id == known[number].id)
              return nil
            }
          }
          return try await tasks.reduce(into: [EventNumber: EventID]()) { written, answer in
            if let (number, id) = answer { written[number] = id }
          }
        }
        #expect(written.keys.sorted() == Array(0..<500))
        let page = try await client.get("s", maximumCount: 1000)
        #expect(page.events.compactMap { $0.event?.number } == Array(0..<500))
        #expect(page.events.allSatisfy { $0.event.map { written[$0.number] == $0.id } == true })
        #expect(server.connectionCount == 1)
      }
    }
  }

  @Test("Row 32: when the client gives up, every request and every subscription that waits fails")
  func givesUp() async throws {
    try await withServer { server in
      let options = "maxReconnections=2&reconnectionDelay=1&requestTimeout=1m"
      try await withEventStoreClient(url(server, options)) { client in
        let live = try await client.subscribe(to: "s")
        let catchUp = try await client.catchUp("s")
        try await client.createSubscription("g", on: "s")
        let consumer = try await client.connectSubscription("g", to: "s")
        server.plan(Fault(.dropAnswer, on: 0x82, times: 1000))
        server.plan(Fault(.dropAnswer, on: 0xB2, times: 1000))
        let waiting = Locked(0)
        try await withThrowingTaskGroup(of: EventStoreError?.self) { tasks in
          for _ in 0..<20 {
            tasks.addTask { await thrown { try await client.publish(to: "s", [event()], expectedVersion: .noStream) } }
            tasks.addTask { await thrown { try await client.get("s") } }
          }
          tasks.addTask { await thrown { for try await _ in live { waiting.withLock { $0 += 1 } } } }
          tasks.addTask { await thrown { for try await _ in catchUp {} } }
          tasks.addTask { await thrown { for try await _ in consumer {} } }
          #expect(await eventually { server.faultHits >= 41 })
          await server.shutdown()
          var errors: [EventStoreError] = []
          for try await error in tasks { if let error { errors.append(error) } }
          #expect(errors.count == 43)
          #expect(errors.allSatisfy { $0.isTransient }, "\(Set(errors.map(\.code)))")
        }
      }
    }
  }

  @Test("Row 34: what is denied to an anonymous client, or to a user, is told, and the client goes on")
  func denied() async throws {
    try await withServer {
      $0.users += [ServerUser(name: "reader", password: "reader-pass")]
    } _: { server in
      try await withEventStoreClient(url(server)) { admin in
        try await admin.publish(to: "mine", [event()], expectedVersion: .noStream)
        let administrators = StreamACL(readers: ["$admins"], writers: ["$admins"])
        try await admin.setStreamMetadata(of: "mine", StreamMetadata(acl: administrators))
      }
      for user in ["", "reader:reader-pass@"] {
        try await withEventStoreClient(url(server, user: user)) { client in
          for _ in 0..<2 {
            #expect(await thrown { try await client.get("mine") }?.code == .accessDenied)
            let append = await thrown { try await client.publish(to: "mine", [event()], expectedVersion: .any) }
            #expect(append?.code == .accessDenied && append?.stream == "mine")
            #expect(await thrown { try await client.subscribe(to: "mine") }?.code == .accessDenied)
            #expect(await thrown { try await client.getAll() }?.code == .accessDenied)
            try await client.ping()
            try await client.publish(to: "everybody's", [event()], expectedVersion: .any)
          }
          #expect(server.connectionCount == 1)
        }
        #expect(await eventually { server.connectionCount == 0 })
      }
    }
  }

  @Test("Row 34: a password of 255 bytes is good, one of 256 is an error before anything is sent")
  func longPassword() async throws {
    let (long, tooLong) = (String(repeating: "p", count: 255), String(repeating: "p", count: 256))
    try await withServer {
      $0.users += [ServerUser(name: "long", password: long)]
    } _: { server in
      try await withEventStoreClient(url(server, user: "long:\(long)@")) { try await $0.ping() }
      let error = await thrown { try await EventStoreClient.connect("tcp://long:\(tooLong)@127.0.0.1:1") }
      #expect(error?.code == .invalidConnectionString)
      #expect(error?.message.contains("longer than 255 bytes") == true)
    }
  }

  @Test("Row 35: what goes well is silent from info on; a lost connection is a warning, and its end is told too")
  func quietLog() async throws {
    let log = Locked<[(Logger.Level, String, Logger.Metadata)]>([])
    let logger = Logger(label: "client") { _ in CapturingHandler(lines: log) }
    let loud = { log.withLock { lines in lines.filter { $0.0 >= .info }.map(\.0) } }
    try await withServer { server in
      let follower = try await EmbeddedServer.start(.freePorts, sharing: server.log)
      follower.setAvailability(.follower(of: server.leaderInfo))
      _ = try await withEventStoreClient(url(follower), logger: logger) { client in
        // The follower sends it to the leader.
        try await client.publish(to: "s", [event()], expectedVersion: .any)
      }
      #expect(loud().isEmpty)
      try await withEventStoreClient(url(server), logger: logger) { client in
        #expect(await server.cutConnections() == 1)
        try await client.ping()
      }
      #expect(loud() == [.warning, .info])
      await follower.shutdown()
    }
  }

  @Test("Row 35: the connection's name is in every line of the log, and no password is, at any level")
  func logs() async throws {
    let log = Locked<[(Logger.Level, String, Logger.Metadata)]>([])
    let logger = Logger(label: "client") { _ in CapturingHandler(lines: log) }
    try await withServer { server in
      let options = "connectionName=orders-7&maxReconnections=1&reconnectionDelay=1&maxRetries=2"
      try await withEventStoreClient(url(server, options), logger: logger) { client in
        let subscription = try await client.subscribe(to: "s")
        server.plan(Fault(.cutBefore, on: 0xB2))
        _ = try await client.getAll()
        server.setAvailability(.notReady)
        _ = try? await client.publish(to: "s", [event()], expectedVersion: .any)
        server.setAvailability(.ready)
        await subscription.close()
        await server.shutdown()
        _ = await thrown { try await client.get("s") }
      }
      _ = await thrown {
        try await EventStoreClient.connect(url(server, "connectionName=orders-7"), logger: logger)
      }
    }
    try await withServer { server in
      _ = await thrown {
        try await EventStoreClient.connect(
          url(server, user: "admin:swordfish@", "connectionName=orders-7"), logger: logger)
      }
      let discover = "discover://admin:changeit@127.0.0.1:1,127.0.0.1:\(server.httpPort)?connectionName=orders-7"
      try await withEventStoreClient(discover, logger: logger) { try await $0.ping() }
    }
    let lines = log.withLock { $0 }
    let levels = Set(lines.map(\.0))
    #expect(lines.count >= 10 && levels.contains(.debug) && levels.contains(.info) && levels.contains(.warning))
    #expect(lines.allSatisfy { $0.2["connection"] == "orders-7" })
    let words = lines.map { "\($0.1) \($0.2)" }.joined(separator: "\n")
    #expect(!words.contains("changeit") && !words.contains("swordfish"))
  }
}

/// Keeps every line, from trace on.
private struct CapturingHandler: LogHandler {
  let lines: Locked<[(Logger.Level, String, Logger.Metadata)]>
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.trace

  init(lines: Locked<[(Logger.Level, String, Logger.Metadata)]>) {
    self.lines = lines
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let merged = metadata.merging(event.metadata ?? [:]) { $1 }
    lines.withLock { $0.append((event.level, "\(event.message)", merged)) }
  }
}
