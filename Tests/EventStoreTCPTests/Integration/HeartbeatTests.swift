import EventStoreCore
import EventStoreServer
import EventStoreTCP
import EventStoreWire
import TestSupport
import Testing

@Suite("Heartbeats over TCP", .timeLimit(.minutes(5)))
struct HeartbeatTests {
  /// Answers pings, and heartbeats where it is told to.
  private static func script(answersHeartbeats: Bool) -> ScriptedServer.Script {
    { frame in
      switch frame.command {
      case .ping: [.answer(Pong(payload: frame.payload), to: frame)]
      case .heartbeatRequest where answersHeartbeats: [.answer(HeartbeatResponse(), to: frame)]
      default: []
      }
    }
  }

  @Test("Row 33: the client answers each heartbeat of the server with its correlation id")
  func answers() async throws {
    try await withScriptedServer(Self.script(answersHeartbeats: true)) { server in
      try await withStore(port: server.port) { store in
        let ids = (1...20).map { id(UInt64($0)) }
        for id in ids { try await server.send(HeartbeatRequest().frame(correlationID: id)) }
        #expect(await eventually { server.frames(.heartbeatResponse).count == ids.count })
        #expect(server.frames(.heartbeatResponse).map(\.correlationID) == ids)
        try await store.ping()
      }
    }
  }

  @Test("Row 33: the client asks a silent server, again and again, and stays while it answers")
  func asks() async throws {
    var configuration = TCPConfiguration.patient()
    configuration.heartbeatInterval = .milliseconds(5)
    try await withScriptedServer(Self.script(answersHeartbeats: true)) { server in
      try await withStore(configuration, port: server.port) { store in
        #expect(await eventually { server.frames(.heartbeatRequest).count >= 10 })
        let ids = server.frames(.heartbeatRequest).map(\.correlationID)
        #expect(Set(ids).count == ids.count && !ids.contains(.zero))
        try await store.ping()
        #expect(server.connections == 1)
      }
    }
  }

  @Test("Row 33: a server that gives no sign of life is left, and what waited is asked on a new connection")
  func leaves() async throws {
    var configuration = TCPConfiguration.patient()
    configuration.heartbeatInterval = .milliseconds(5)
    configuration.heartbeatTimeout = .milliseconds(50)
    let asked = Locked(0)
    try await withScriptedServer { frame in
      guard frame.command == .readEvent else { return [] }
      let number = asked.withLock { number in
        number += 1
        return number
      }
      return number == 1 ? [] : [.answer(ReadEventCompleted(result: .noStream, event: nil), to: frame)]
    } _: { server in
      try await withStore(configuration, port: server.port) { store in
        let lookup = try await store.readEvent("s", number: 0, resolveLinks: false)
        #expect(lookup == .noStream)
        #expect(server.connections >= 2)
        #expect(server.frames(.heartbeatRequest).count >= 1)
      }
    }
  }

  @Test("Row 33: a half-open connection is noticed by its silence alone, and what waited is asked on a new one")
  func halfOpen() async throws {
    var configuration = TCPConfiguration.patient()
    configuration.heartbeatInterval = .milliseconds(100)
    configuration.heartbeatTimeout = .milliseconds(200)
    try await withServer { server in
      try await withStore(configuration, port: server.tcpPort) { store in
        server.plan(Fault(.halfOpen, on: Command.readEvent.rawValue))
        let start = ContinuousClock.now
        let lookup = try await store.readEvent("s", number: 0, resolveLinks: false)
        #expect(lookup == .noStream && server.faultHits == 1)
        // Every other limit is a minute.
        #expect(ContinuousClock.now - start < .seconds(30))
      }
    }
  }

  @Test("Row 33: heartbeats are answered while a consumer of events takes none")
  func slowConsumer() async throws {
    try await withIdleConsumer { server, appeared in
      for number in 0..<20 {
        for _ in 0..<100 { try await server.send(appeared) }
        try await server.send(HeartbeatRequest().frame(correlationID: id(UInt64(number + 1))))
      }
      #expect(await eventually { server.frames(.heartbeatResponse).count == 20 })
    }
  }

  @Test("Row 33: while a consumer is blocked every heartbeat is answered within 100 ms")
  func quickly() async throws {
    try await withIdleConsumer { server, appeared in
      for _ in 0..<1000 { try await server.send(appeared) }
      var sent = 0
      for number in 1...21 {
        // A busy machine may hold up one or another: then this one is asked once more, three times at most.
        var times: [Duration] = []
        while times.count < 3, times.last.map({ $0 >= .milliseconds(100) }) != false {
          sent += 1
          let start = ContinuousClock.now
          try await server.send(HeartbeatRequest().frame(correlationID: id(UInt64(sent))))
          #expect(await eventually { server.frames(.heartbeatResponse).count == sent })
          times.append(ContinuousClock.now - start)
        }
        #expect(times.contains { $0 < .milliseconds(100) }, "number \(number): \(times)")
      }
    }
  }

  /// Runs `body` beside a subscription whose consumer takes nothing, with a frame that brings it an event.
  private func withIdleConsumer(_ body: (ScriptedServer, Frame) async throws -> Void) async throws {
    try await withScriptedServer { frame in
      guard frame.command == .subscribeToStream else { return [] }
      return [.answer(SubscriptionConfirmation(lastCommitPosition: 0, lastEventNumber: -1), to: frame)]
    } _: { server in
      try await withStore(port: server.port) { store in
        let subscription = try await store.subscribe(to: "s", resolveLinks: false)
        let request = try #require(server.frames(.subscribeToStream).first)
        let event = RecordedEvent(
          stream: "s", number: 0, id: id(1), type: "t", isJSON: false, data: Bytes([UInt8](repeating: 1, count: 1000)),
          created: Timestamp(ticks: 0), position: Position(commit: 1, prepare: 1))
        let appeared = StreamEventAppeared(event: ResolvedEvent(event: event, position: event.position))
        try await body(server, appeared.frame(correlationID: request.correlationID))
        await subscription.close()
      }
    }
  }
}
