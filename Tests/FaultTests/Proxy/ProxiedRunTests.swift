import EventStoreCore
import EventStoreServer
import Replication
import Testing

@Suite("Runs through a network that cuts, delays, throttles and goes silent", .timeLimit(.minutes(5)))
struct ProxiedRunTests {
  private static let faults = 8

  /// Expects that everything planned has happened.
  private func expectFired(_ plan: [ConnectionFault], _ proxy: FaultProxy, seed: UInt64) {
    let tally = proxy.tally
    let halfOpens = plan.count { if case .halfOpen = $0.end { true } else { false } }
    #expect(!proxy.hasPendingFaults, "seed \(seed)")
    #expect(tally.halfOpens == halfOpens && tally.cuts == plan.count - halfOpens, "seed \(seed): \(tally)")
  }

  @Test("A backup ends with exactly the source's events", arguments: 1...10 as ClosedRange<UInt64>)
  func backup(seed: UInt64) async throws {
    let bench = FaultBench()
    let plan = ConnectionFault.plan(seed: seed, count: Self.faults, within: 40_000)
    try await withServers(1, demo: 2000, seed: seed) { servers in
      try await withProxy(to: servers[0].tcpPort, plan: plan) { proxy in
        let report = try await FaultBench.withStore(port: proxy.port) { try await bench.backup(from: $0) }
        #expect(report.outcome == .finished)
        expectFired(plan, proxy, seed: seed)
        #expect(try await bench.archived() == servers[0].log.userEvents())
      }
    }
  }

  @Test(
    "A restore ends with exactly the archive's events, and a repeat finds nothing to write",
    arguments: 1...10 as ClosedRange<UInt64>)
  func restore(seed: UInt64) async throws {
    let bench = FaultBench()
    let plan = ConnectionFault.plan(seed: seed, count: Self.faults, within: 40_000)
    try await withServers(2, demo: 2000, seed: seed) { servers in
      _ = try await bench.backup(from: LogConnection(servers[0].log))
      try await withProxy(to: servers[1].tcpPort, plan: plan) { proxy in
        let inFlight = [1, 4, 64][Int(seed % 3)]
        let report = try await FaultBench.withStore(port: proxy.port) {
          try await bench.restore(to: $0, inFlight: inFlight)
        }
        #expect(report.outcome == .finished && report.issues.isEmpty, "\(report.issues)")
        expectFired(plan, proxy, seed: seed)
      }
      #expect(try await servers[1].log.restorable() == servers[0].log.restorable())
      let end = servers[1].log.writerCheckpoint
      let again = try await bench.restore(to: LogConnection(servers[1].log), inFlight: 8)
      #expect(again.outcome == .finished && again.events.appended == 0 && again.metadata.written == 0)
      #expect(servers[1].log.writerCheckpoint == end)
    }
  }

  @Test("The seeds between them cut, go silent, delay and throttle")
  func plansHaveEverything() {
    let all = (1...10 as ClosedRange<UInt64>).flatMap {
      ConnectionFault.plan(seed: $0, count: Self.faults, within: 40_000)
    }
    func count(_ isOne: (ConnectionFault) -> Bool) -> Int { all.count { isOne($0) } }
    #expect(count { if case .cut = $0.end { true } else { false } } > 20)
    #expect(count { if case .halfOpen = $0.end { true } else { false } } > 10)
    #expect(count { if case .delayed = $0.pace { true } else { false } } > 10)
    #expect(count { if case .throttled = $0.pace { true } else { false } } > 10)
  }
}
