import EventStoreCore
import EventStoreServer
import EventStoreTCP
import EventStoreWire
import TestSupport
import Testing

@Suite("Answers that do not come", .timeLimit(.minutes(5)))
struct TimeOutTests {
  /// Answers everything but reads of events.
  private static let script: ScriptedServer.Script = { frame in
    frame.command == .ping ? [.answer(Pong(payload: frame.payload), to: frame)] : []
  }

  private func impatient(_ timeout: Duration) -> TCPConfiguration {
    var configuration = TCPConfiguration.patient()
    configuration.requestTimeout = timeout
    return configuration
  }

  @Test(
    "Row 37: a request without an answer times out alone: the connection stays, nothing is sent again, a late answer is nobody's"
  )
  func timesOut() async throws {
    try await withScriptedServer(Self.script) { server in
      try await withStore(impatient(.milliseconds(300)), port: server.port) { store in
        let error = await error(of: { try await store.readEvent("s", number: 0, resolveLinks: false) })
        #expect(error?.code == .timedOut && error?.isTransient == true)
        #expect(error?.message == "no answer came within 300 ms")
        let request = try #require(server.frames(.readEvent).first)
        try await server.send(
          ReadEventCompleted(result: .noStream, event: nil).frame(correlationID: request.correlationID))
        #expect(await eventually { (try? await store.ping()) != nil })
        #expect(server.frames(.readEvent).count == 1)
        #expect(server.connections == 1)
      }
    }
  }

  @Test(
    "Row 37: an append whose answer is lost times out, though it may be there: its writer sends it again and is told where"
  )
  func appendTimesOut() async throws {
    try await withServer { server in
      server.plan(Fault(.dropAnswer, on: 0x82))
      try await withStore(impatient(.milliseconds(300)), port: server.tcpPort) { store in
        let batch = events(2)
        let error = await error(of: { try await store.append(batch, to: "s", expected: .noStream) })
        #expect(error?.code == .timedOut)
        var result: AppendResult?
        #expect(
          await eventually {
            result = try? await store.append(batch, to: "s", expected: .noStream)
            return result != nil
          })
        #expect(result == AppendResult(firstEventNumber: 0, lastEventNumber: 1, position: nil))
      }
    }
  }

  @Test("A slow answer that is not too late is taken, and others do not wait for it")
  func slow() async throws {
    try await withServer { server in
      server.plan(Fault(.dropAnswer, on: 0xB0))
      try await withStore(port: server.tcpPort) { store in
        let waiting = Task { try await store.readEvent("s", number: 0, resolveLinks: false) }
        #expect(await eventually { server.faultHits == 1 })
        // The first answer never comes; these overtake it.
        for _ in 0..<10 {
          let lookup = try await store.readEvent("s", number: 0, resolveLinks: false)
          #expect(lookup == .noStream)
        }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        try await store.ping()
      }
    }
  }

  @Test("Row 37: every kind of request, and every subscription, has a time-out")
  func everyRequest() async throws {
    try await withScriptedServer { _ in
      []
    } _: { server in
      try await withStore(impatient(.milliseconds(200)), port: server.port) { store in
        let requests: [(Command, @Sendable () async throws -> Void)] = [
          (.ping, { try await store.ping() }),
          (.readEvent, { _ = try await store.readEvent("s", number: 0, resolveLinks: false) }),
          (
            .readStreamEventsForward,
            { _ = try await store.readStream("s", .forward, from: 0, maximumCount: 1, resolveLinks: false) }
          ),
          (
            .readAllEventsBackward,
            { _ = try await store.readAll(.backward, from: .end, maximumCount: 1, resolveLinks: false) }
          ),
          (.writeEvents, { _ = try await store.append(events(1), to: "s", expected: .any) }),
          (.deleteStream, { try await store.delete("s", expected: .any, hard: false) }),
          (.subscribeToStream, { _ = try await store.subscribe(to: "s", resolveLinks: false) }),
          (
            .createPersistentSubscription,
            { try await store.createSubscription("g", on: "s", settings: SubscriptionSettings()) }
          ),
          (
            .updatePersistentSubscription,
            { try await store.updateSubscription("g", on: "s", settings: SubscriptionSettings()) }
          ),
          (.deletePersistentSubscription, { try await store.deleteSubscription("g", on: "s") }),
          (
            .connectToPersistentSubscription,
            { _ = try await store.connectSubscription("g", to: "s", allowedInFlight: 1) }
          ),
          (
            .readAllEventsForward,
            { _ = try await store.catchUpAll(after: .start, resolveLinks: false, pageSize: 1).next() }
          ),
        ]
        try await withThrowingTaskGroup { tasks in
          for (command, request) in requests {
            tasks.addTask {
              let error = await error(of: request)
              #expect(error?.code == .timedOut && error?.isTransient == true, "\(command)")
              #expect(!server.frames(command).isEmpty, "\(command)")
            }
          }
          try await tasks.waitForAll()
        }
        #expect(server.connections == 1)
      }
    }
  }

  @Test("A cancelled append ends at once, and its answer disturbs nobody")
  func cancelled() async throws {
    try await withServer { server in
      server.plan(Fault(.delayAnswer(.milliseconds(50)), on: 0x82))
      try await withStore(port: server.tcpPort) { store in
        let batch = events(1)
        let appending = Task { try await store.append(batch, to: "s", expected: .noStream) }
        #expect(await eventually { server.faultHits == 1 })
        appending.cancel()
        // The answer may have been faster.
        let outcome = await appending.result
        if case .failure(let error) = outcome { #expect(error is CancellationError) }
        let again = try await store.append(batch, to: "s", expected: .noStream)
        #expect(again == AppendResult(firstEventNumber: 0, lastEventNumber: 0, position: nil))
      }
    }
  }
}
