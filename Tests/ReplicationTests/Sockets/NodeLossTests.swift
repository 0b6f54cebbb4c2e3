import EventArchive
import EventStoreCore
import EventStoreServer
import EventStoreTCP
import EventStoreWire
import Replication
import Testing

/// Backups over real sockets, whose node goes away, comes back, or is another one.
@Suite("Backups through node loss and elections", .timeLimit(.minutes(5)))
struct NodeLossTests {
  private static let count = 150

  private func bench(_ server: EmbeddedServer) -> BackupBench {
    var bench = BackupBench()
    bench.log = server.log
    return bench
  }

  private func leader(_ server: EmbeddedServer) -> LeaderInfo {
    LeaderInfo(
      tcp: LeaderInfo.Address(host: "127.0.0.1", port: Int32(server.tcpPort)),
      http: LeaderInfo.Address(host: "127.0.0.1", port: Int32(server.httpPort)))
  }

  @Test("Connections cut before and after answers, again and again, cost nothing", arguments: [0, 1, 2, 5])
  func cut(skipping: Int) async throws {
    let server = try await SocketBench.server(0..<Self.count)
    let bench = bench(server)
    let read = Command.readAllEventsForward.rawValue
    server.plan(Fault(.cutBefore, on: read, skipping: skipping, times: 5))
    server.plan(Fault(.cutAfter, on: read, skipping: skipping + 2, times: 5))
    let store = try await SocketBench.connect(to: server.tcpPort)
    let counts = CallCounts()
    let report = try await bench.run(from: ObservedReader(base: store) { _ = counts.count($0) })
    #expect(report.outcome == .finished && report.events == Self.count)
    #expect(!server.hasPendingFaults && server.faultHits == 10)
    // The client gave up now and then, and the run began again at what is durable.
    #expect(counts.failures > 0)
    try await bench.expectWhole()
    await store.close()
    await server.shutdown()
  }

  @Test(
    "A node that is not ready, or too busy, for a while is waited for",
    arguments: [NodeAvailability.notReady, .tooBusy])
  func notReady(availability: NodeAvailability) async throws {
    let server = try await SocketBench.server(0..<Self.count)
    let bench = bench(server)
    let store = try await SocketBench.connect(to: server.tcpPort)
    let counts = CallCounts()
    let source = ObservedReader(base: store) { error in
      let count = counts.count(error)
      if error == nil, count == 6 { server.setAvailability(availability) }
      if error != nil, count == 4 { server.setAvailability(.ready) }
    }
    let report = try await bench.run(from: source)
    #expect(report.outcome == .finished && counts.failures == 4)
    try await bench.expectWhole()
    await store.close()
    await server.shutdown()
  }

  @Test("After an election the run goes on at the new leader, each event once")
  func election() async throws {
    let old = try await SocketBench.server(0..<Self.count)
    let new = try await SocketBench.server(0..<Self.count)
    let bench = bench(new)
    let store = try await SocketBench.connect(to: old.tcpPort)
    let counts = CallCounts()
    let follower = NodeAvailability.follower(of: leader(new))
    let source = ObservedReader(base: store) { error in
      if error == nil, counts.count(error) == 6 { old.setAvailability(follower) }
    }
    let report = try await bench.run(from: source)
    #expect(report.outcome == .finished && report.events == Self.count)
    #expect(new.connectionCount == 1)
    try await bench.expectWhole()
    await store.close()
    await old.shutdown()
    await new.shutdown()
  }

  @Test("An election without a leader for a while, and a new one that dies at once, lose nothing and repeat nothing")
  func longElection() async throws {
    let old = try await SocketBench.server(0..<Self.count)
    let dead = try await SocketBench.server(0..<1)
    let deadLeader = leader(dead)
    await dead.shutdown()
    let bench = bench(old)
    let store = try await SocketBench.connect(to: old.tcpPort)
    let counts = CallCounts()
    let source = ObservedReader(base: store) { error in
      let count = counts.count(error)
      if error == nil, count == 6 { old.setAvailability(.notReady) }
      if error != nil, count == 2 { old.setAvailability(.follower(of: deadLeader)) }
      if error != nil, count == 5 { old.setAvailability(.ready) }
    }
    let report = try await bench.run(from: source)
    #expect(report.outcome == .finished && counts.failures >= 5)
    try await bench.expectWhole()
    await store.close()
    await old.shutdown()
  }

  @Test("A node that dies and comes back at the same address is found again")
  func restarted() async throws {
    let first = try await SocketBench.server(0..<Self.count)
    let port = first.tcpPort
    let second = Locked<EmbeddedServer?>(nil)
    var bench = BackupBench()
    let store = try await SocketBench.connect(to: port)
    let counts = CallCounts()
    let source = ObservedReader(base: store) { error in
      let count = counts.count(error)
      if error == nil, count == 6 { await first.shutdown() }
      if error != nil, count == 3 {
        let server = try await SocketBench.server(0..<Self.count, port: port)
        second.withLock { $0 = server }
      }
    }
    let report = try await bench.run(from: source)
    let server = try #require(second.withLock { $0 })
    #expect(report.outcome == .finished && counts.failures >= 3)
    bench.log = server.log
    try await bench.expectWhole()
    await store.close()
    await server.shutdown()
  }

  @Test("A follower whose log ends before the archive's checkpoint is waited for until it has caught up")
  func lags() async throws {
    let leader = try await SocketBench.server(0..<100)
    let follower = try await SocketBench.server(0..<60)
    let bench = bench(leader)
    let first = try await SocketBench.connect(to: leader.tcpPort)
    #expect(try await bench.run(from: first).events == 100)
    SocketBench.fill(leader.log, 100..<Self.count)
    let second = try await SocketBench.connect(to: follower.tcpPort)
    let counts = CallCounts()
    let source = ObservedReader(base: second) { error in
      // After the looks at an end that is too early.
      if counts.count(error) == 3 { SocketBench.fill(follower.log, 60..<Self.count) }
    }
    let report = try await bench.run(from: source)
    #expect(report.outcome == .finished && report.events == Self.count - 100)
    try await bench.expectWhole()
    for store in [first, second] { await store.close() }
    for server in [leader, follower] { await server.shutdown() }
  }

  @Test("Only when nothing moved for the stall time-out the run ends as stalled, with what it has")
  func stalls() async throws {
    let server = try await SocketBench.server(0..<Self.count)
    var bench = bench(server)
    bench.configuration.retry.stallTimeout = .milliseconds(500)
    let store = try await SocketBench.connect(to: server.tcpPort)
    let counts = CallCounts()
    let lastSuccess = Locked(ContinuousClock.now)
    let source = ObservedReader(base: store) { error in
      guard error == nil else { return }
      lastSuccess.withLock { $0 = .now }
      if counts.count(error) == 6 { server.setAvailability(.tooBusy) }
    }
    #expect(await bench.refusal(from: source) == .stalled)
    #expect(ContinuousClock.now - lastSuccess.withLock { $0 } >= .milliseconds(500))
    let archived = try bench.archived
    #expect(!archived.isEmpty && archived.count < Self.count)
    server.setAvailability(.ready)
    try await bench.run(from: store)
    try await bench.expectWhole()
    await store.close()
    await server.shutdown()
  }

  @Test("Following goes on through cuts and an election, each event once")
  func following() async throws {
    let old = try await SocketBench.server(0..<50)
    let new = try await SocketBench.server(0..<50)
    var bench = bench(new)
    bench.configuration.follow = true
    let store = try await SocketBench.connect(to: old.tcpPort)
    let stop = StopSignal()
    let latest = Locked<BackupProgress?>(nil)
    let run = Task { [bench] in
      try await bench.run(from: store, stop: stop) { progress in latest.withLock { $0 = progress } }
    }
    do {
      try await until("history is archived") { latest.withLock { $0?.phase == .live && $0?.events == 50 } }
      for server in [old, new] { SocketBench.fill(server.log, 50..<70) }
      try await until("what came is archived") { latest.withLock { $0?.events == 70 } }
      #expect(await old.cutConnections() > 0)
      for server in [old, new] { SocketBench.fill(server.log, 70..<90) }
      try await until("the cut is mended") { latest.withLock { $0?.events == 90 } }
      old.setAvailability(.follower(of: leader(new)))
      #expect(await old.cutConnections() > 0)
      for server in [old, new] { SocketBench.fill(server.log, 90..<Self.count) }
      try await until("the new leader is followed") { latest.withLock { $0?.events == Self.count } }
    } catch {
      stop.stop()
      _ = try await run.value
      throw error
    }
    stop.stop()
    #expect(try await run.value.outcome == .stopped)
    try await bench.expectWhole()
    await store.close()
    await old.shutdown()
    await new.shutdown()
  }
}
