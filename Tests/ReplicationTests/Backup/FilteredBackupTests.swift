import EventArchive
import EventStoreCore
import EventStoreServer
import Replication
import Testing

@Suite("Backups with a filter", .timeLimit(.minutes(2)))
struct FilteredBackupTests {
  private func bench(_ filter: EventFilter) -> BackupBench {
    var bench = BackupBench()
    bench.filter = filter
    return bench
  }

  private func names(_ bench: BackupBench) throws -> [String] {
    try bench.archived.map { "\($0.stream) \($0.number) \($0.type)" }
  }

  @Test("Only what the filter takes is archived, with the streams' metadata and ends; the rest is counted")
  func takes() async throws {
    let bench = bench(EventFilter(includeStreams: ["order-"], excludeStreams: ["~-test$"], excludeTypes: ["Paid"]))
    bench.log.write([Samples.event("a", type: "Placed"), Samples.event("b", type: "Paid")], to: "order-1")
    bench.log.write("c", to: "order-1-test")
    bench.log.write("d", to: "cart-1")
    bench.log.write("e", to: "$order-system")
    bench.log.setMetadata(#"{"$maxCount":9}"#, of: "order-1")
    bench.log.setMetadata(#"{"$maxCount":9}"#, of: "cart-1")
    bench.log.write([Samples.event("f", type: "Paid"), Samples.event("g", type: "Sent")], to: "order-1")
    bench.log.write("h", to: "order-2")
    bench.log.remove("order-2", hard: true)
    let report = try await bench.run()
    #expect(
      try names(bench) == [
        "order-1 0 Placed", "$$order-1 0 $metadata", "order-1 3 Sent", "order-2 0 Happened",
        "order-2 \(EventNumber.deleted) $streamDeleted",
      ])
    #expect(report.outcome == .finished && report.events == 5 && report.eventsLeftOut == 6)
  }

  @Test("What was left out is not read again, also when nothing was taken")
  func checkpoint() async throws {
    let bench = bench(EventFilter(includeTypes: ["Nothing"]))
    bench.log.write(Samples.events(0..<30), to: "s")
    #expect(try await bench.run().eventsLeftOut == 30)
    let before = bench.storage.contents
    let again = try await bench.run()
    #expect(again.events == 0 && again.eventsLeftOut == 0 && bench.storage.contents == before)
    bench.log.write([Samples.event("x", type: "Nothing else")], to: "s")
    let third = try await bench.run()
    #expect(third.events == 1 && third.eventsLeftOut == 0)
    #expect(try names(bench) == ["s 30 Nothing else"])
  }

  @Test("A run with another selection is refused, and nothing is changed")
  func otherSelection() async throws {
    var bench = bench(EventFilter(includeStreams: ["a"]))
    bench.log.write("x", to: "a")
    try await bench.run()
    let before = bench.storage.contents
    bench.filter = EventFilter(includeStreams: ["a", "b"])
    let error = await #expect(throws: ArchiveError.self) { try await bench.run() }
    #expect(error?.code == .scopeMismatch && bench.storage.contents == before && !bench.storage.isLocked)
  }

  @Test("System streams need to be included, and are then filtered as all others")
  func system() async throws {
    var bench = bench(EventFilter(excludeStreams: ["$stats"]))
    bench.scope = .all(includeSystem: true)
    bench.log.write("a", to: "$stats-1")
    bench.log.write("b", to: "$settings-2")
    bench.log.write("c", to: "s")
    #expect(try await bench.run().eventsLeftOut == 1)
    #expect(try bench.archived.map(\.stream) == ["$settings-2", "s"])
  }

  @Test("Following takes the same events as history")
  func follows() async throws {
    var bench = bench(EventFilter(includeStreams: ["~^s$"]))
    bench.configuration.follow = true
    bench.log.write("a", to: "s")
    let stop = StopSignal()
    let latest = Locked<BackupProgress?>(nil)
    let run = Task { [bench] in try await bench.run(stop: stop) { progress in latest.withLock { $0 = progress } } }
    do {
      try await until("history is archived") { latest.withLock { $0?.phase == .live && $0?.events == 1 } }
      bench.log.write("b", to: "other")
      bench.log.write("c", to: "s")
      try await until("the live event is archived") { latest.withLock { $0?.events == 2 && $0?.eventsLeftOut == 1 } }
    } catch {
      stop.stop()
      _ = try await run.value
      throw error
    }
    stop.stop()
    #expect(try await run.value.eventsLeftOut == 1)
    #expect(try bench.archived.map(\.number) == [0, 1])
  }
}
