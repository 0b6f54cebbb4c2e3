import EventStoreCore
import EventStoreServer
import EventStoreTCP
import Replication
import Testing

/// A link that is slower than servers and clients are patient: about a megabyte a second.
@Suite("Slow links", .timeLimit(.minutes(5)))
struct SlowLinkTests {
  private static let slow = [ConnectionFault](
    repeating: ConnectionFault(pace: .throttled(bytes: 8 << 10, pause: .milliseconds(8))), count: 200)

  private static let retry = Replication.RetryPolicy(
    initialDelay: .milliseconds(1), maximumDelay: .milliseconds(20), stallTimeout: .seconds(30))

  /// As `restore` connects: what is lost is its own to send again.
  private static func configuration(heartbeat: Duration) -> TCPConfiguration {
    var configuration = FaultBench.configuration
    configuration.requestRetries.maximumAttempts = 1
    configuration.requestTimeout = .seconds(10)
    configuration.heartbeatInterval = heartbeat
    configuration.heartbeatTimeout = heartbeat * 2
    return configuration
  }

  private static func fill(_ log: EventLog, events: Int, bytes: Int) async throws {
    let writer = LogConnection(log)
    for number in 0..<events {
      let event = ProposedEvent(
        type: "large", isJSON: false, data: Bytes([UInt8](repeating: UInt8(number), count: bytes)))
      _ = try await writer.append(
        [event], to: "s", expected: ExpectedVersion(after: number > 0 ? EventNumber(number - 1) : nil))
    }
  }

  @Test("An append that a server does not wait for is sent again in smaller ones, and all events arrive once")
  func impatientServer() async throws {
    let bench = FaultBench()
    try await withServers(2, heartbeat: .milliseconds(100)) { servers in
      try await Self.fill(servers[0].log, events: 80, bytes: 50_000)
      _ = try await bench.backup(from: LogConnection(servers[0].log))
      try await withProxy(to: servers[1].tcpPort, plan: Self.slow) { proxy in
        let configuration = Self.configuration(heartbeat: .seconds(2))
        let report = try await FaultBench.withStore(port: proxy.port, configuration: configuration) {
          try await bench.restore(
            to: $0, inFlight: 64, maximumAppendEvents: 500, retry: Self.retry)
        }
        #expect(report.outcome == .finished && report.issues.isEmpty, "\(report.issues)")
        #expect(report.events.appended == 80)
        // The server closed some: it is not that all went well from the start.
        #expect(proxy.tally.slowed >= 3, "\(proxy.tally)")
      }
      #expect(try await servers[1].log.restorable() == servers[0].log.restorable())
    }
  }

  @Test("An event that takes long to send is no sign of a dead server")
  func patientClient() async throws {
    let bench = FaultBench()
    try await withServers(2) { servers in
      try await Self.fill(servers[0].log, events: 1, bytes: 6_000_000)
      _ = try await bench.backup(from: LogConnection(servers[0].log))
      try await withProxy(to: servers[1].tcpPort, plan: Self.slow) { proxy in
        let configuration = Self.configuration(heartbeat: .milliseconds(500))
        let report = try await FaultBench.withStore(port: proxy.port, configuration: configuration) {
          try await bench.restore(to: $0, inFlight: 1, retry: Self.retry)
        }
        #expect(report.outcome == .finished && report.events.appended == 1)
        #expect(proxy.tally.connections == 1)
      }
      #expect(try await servers[1].log.restorable() == servers[0].log.restorable())
    }
  }
}
