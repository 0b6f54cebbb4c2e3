import EventArchive
import EventStoreCore
import EventStoreServer
import EventStoreTCP
import Replication
import Testing

/// Events that no frame of the client's takes, over real sockets.
@Suite("Events larger than the client's frame limit", .timeLimit(.minutes(5)))
struct LargeEventTests {
  private func writeHuge(to stream: StreamName, in server: EmbeddedServer) {
    let data = Bytes([UInt8](repeating: 7, count: 300_000))
    server.log.write([ProposedEvent(type: "Huge", isJSON: false, data: data)], to: stream)
  }

  private func connect(to server: EmbeddedServer) async throws -> TCPEventStore {
    try await SocketBench.connect(to: server.tcpPort, maximumFrameBytes: 100_000)
  }

  private func gaps(_ bench: BackupBench) throws -> [ArchiveGap] { try ArchiveReader(storage: bench.storage).gaps }

  @Test("One in the middle of $all is a gap, and everything else is archived")
  func all() async throws {
    let server = try await SocketBench.server(0..<40)
    writeHuge(to: "huge", in: server)
    SocketBench.fill(server.log, 40..<90)
    var bench = BackupBench()
    bench.log = server.log
    let store = try await connect(to: server)
    let report = try await bench.run(from: store)
    #expect(report.outcome == .incomplete && report.events == 90 && report.gaps.count == 1)
    let expected = try await Samples.all(of: server.log).filter { $0.stream != "huge" }
    Samples.expectEqual(try bench.archived, expected)
    let gap = try #require(try gaps(bench).first)
    #expect(gap.reason.contains("frame limit"))
    let edges = (after: try #require(expected[39].position), before: try #require(expected[40].position))
    #expect(gap.extent == .positions(after: edges.after, before: edges.before))
    #expect(try await bench.run(from: store).outcome == .finished)
    await store.close()
    await server.shutdown()
  }

  @Test("Of a named stream they are gaps, also the last event")
  func stream() async throws {
    let server = try await SocketBench.server(0..<0)
    server.log.write(Samples.events(0..<20), to: "s")
    writeHuge(to: "s", in: server)
    server.log.write(Samples.events(0..<20), to: "s")
    writeHuge(to: "s", in: server)
    var bench = BackupBench()
    bench.log = server.log
    bench.scope = .list(["s"])
    let store = try await connect(to: server)
    let report = try await bench.run(from: store)
    #expect(report.outcome == .incomplete && report.events == 40)
    #expect(try bench.archived.map(\.number) == Array(0..<20) + Array(21..<41))
    #expect(try gaps(bench).map(\.extent) == [.numbers("s", 20...20), .numbers("s", 41...41)])
    await store.close()
    await server.shutdown()
  }

  @Test(
    "Following goes on behind one that comes live", arguments: [ArchiveScope.all(includeSystem: false), .list(["s"])])
  func following(scope: ArchiveScope) async throws {
    let server = try await SocketBench.server(0..<0)
    server.log.write(Samples.events(0..<10), to: "s")
    var bench = BackupBench()
    bench.log = server.log
    bench.scope = scope
    bench.configuration.follow = true
    let store = try await connect(to: server)
    let stop = StopSignal()
    let latest = Locked<BackupProgress?>(nil)
    let run = Task { [bench] in
      try await bench.run(from: store, stop: stop) { progress in latest.withLock { $0 = progress } }
    }
    do {
      try await until("history is archived") { latest.withLock { $0?.phase == .live && $0?.events == 10 } }
      writeHuge(to: "s", in: server)
      server.log.write(Samples.events(10..<15), to: "s")
      try await until("what follows is archived") { latest.withLock { $0?.events == 15 } }
      server.log.write("live again", to: "s")
      try await until("the feed goes on") { latest.withLock { $0?.events == 16 } }
    } catch {
      stop.stop()
      _ = try await run.value
      throw error
    }
    stop.stop()
    let report = try await run.value
    #expect(report.outcome == .stopped && report.isIncomplete)
    #expect(try bench.archived.map(\.number) == Array(0..<10) + Array(11..<17))
    #expect(try gaps(bench).count == 1)
    await store.close()
    await server.shutdown()
  }
}
