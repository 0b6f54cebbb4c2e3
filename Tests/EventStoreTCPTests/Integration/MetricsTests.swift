import EventStoreCore
import EventStoreServer
import EventStoreTCP
import EventStoreWire
import MetricsTestKit
import TestSupport
import Testing

/// Row 35, and what a program can see of its connections.
@Suite("Metrics", .timeLimit(.minutes(5)))
struct MetricsTests {
  private let metrics = TestMetrics()
  private let dimensions = [("connection", "orders-7")]

  private func total(_ name: String) throws -> Int64 {
    try metrics.expectCounter("eventstore_client_\(name)", dimensions).totalValue
  }

  private func withStore(
    _ port: Int, _ change: (inout TCPConfiguration) -> Void = { _ in }, _ body: (TCPEventStore) async throws -> Void
  ) async throws {
    var configuration = TCPConfiguration.patient()
    configuration.connectionName = "orders-7"
    change(&configuration)
    let store = try await TCPEventStore.connect(
      configuration: configuration, resolver: FixedEndpoint(Endpoint(host: "127.0.0.1", port: port)), logger: .silent,
      metrics: metrics)
    try await doing {
      try await body(store)
    } finally: {
      await store.close()
    }
  }

  @Test("Row 35: requests, errors, reconnects and bytes are counted under the connection's name")
  func counters() async throws {
    try await withServer { server in
      try await withStore(server.tcpPort) { store in
        #expect(try total("requests") == 0 && total("reconnects") == 0 && total("errors") == 0)
        let sent = try total("sent_bytes")
        let data = Bytes([UInt8](repeating: 1, count: 10_000))
        let event = ProposedEvent(type: "t", isJSON: false, data: data)
        _ = try await store.append([event], to: "s", expected: .noStream)
        #expect(try total("requests") == 1 && total("sent_bytes") >= sent + 10_000)
        let received = try total("received_bytes")
        _ = try await store.readEvent("s", number: 0, resolveLinks: false)
        #expect(try total("requests") == 2 && total("received_bytes") >= received + 10_000)
        // A refusal is an answer; a request that is lost is an error.
        _ = await error(of: { try await store.append([event], to: "s", expected: .exactly(7)) })
        #expect(try total("errors") == 0)
        server.plan(Fault(.cutBefore, on: Command.writeEvents.rawValue))
        _ = await error(of: { try await store.append([event], to: "s", expected: .any) })
        try await store.ping()
        #expect(try total("errors") == 1 && total("reconnects") == 1)
        // Sent twice, and made once.
        server.plan(Fault(.cutBefore, on: Command.ping.rawValue))
        try await store.ping()
        #expect(try total("requests") == 6 && total("errors") == 1 && total("reconnects") == 2)
      }
    }
  }

  @Test("Requests in flight are shown, and are none in the end")
  func inFlight() async throws {
    try await withScriptedServer { frame in
      frame.command == .ping ? [.answer(Pong(payload: frame.payload), to: frame)] : []
    } _: { server in
      try await withStore(server.port) { store in
        let meter = try metrics.expectMeter("eventstore_client_in_flight", dimensions)
        let waiting = (0..<3).map { _ in Task { try await store.readEvent("s", number: 0, resolveLinks: false) } }
        #expect(await eventually { meter.lastValue == 3 })
        for task in waiting { task.cancel() }
        for task in waiting { _ = await task.result }
        #expect(await eventually { meter.lastValue == 0 })
        try await store.ping()
      }
    }
  }

  @Test("Row 35: the connection's name is in IdentifyClient")
  func identified() async throws {
    let names = Locked<[String]>([])
    let server = try await ScriptedServer.start(
      { _ in [] },
      identified: { frame in
        if let name = try? IdentifyClient(frame).connectionName { names.withLock { $0.append(name) } }
      })
    try await withStore(server.port) { _ in #expect(names.withLock { $0 } == ["orders-7"]) }
    try await server.shutdown()
  }
}
