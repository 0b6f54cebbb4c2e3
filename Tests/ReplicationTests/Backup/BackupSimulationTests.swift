import EventArchive
import EventStoreCore
import EventStoreServer
import Replication
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(3))) struct BackupSimulationTests {
  /// A world that depends on the seed alone: what is written, what goes wrong, and when somebody stops the run.
  private struct World {
    var random: SeededRandom
    var bench = BackupBench()
    let source: LogConnection
    var faultsHit = 0

    init(seed: UInt64) {
      random = SeededRandom(seed: seed)
      bench.scope = random.oneIn(3) ? .all(includeSystem: true) : .all(includeSystem: false)
      bench.options.maximumFrameBytes = random.pick([200, 1000, 1 << 20])
      bench.options.maximumSegmentBytes = random.pick([200, 2000, 1 << 20])
      source = LogConnection(bench.log)
    }

    private static let streams: [StreamName] = ["s", "t", "$$s", "ä ö", "$system", "$$$system"]

    mutating func write() throws {
      for _ in 0..<random.below(40) {
        let events = (0...random.below(3)).map { _ in
          ProposedEvent(
            id: EventID(high: random.next(), low: random.next()), type: "T", isJSON: random.oneIn(2),
            data: Bytes((0..<random.below(200)).map { _ in UInt8.random(in: 0...255, using: &random) }))
        }
        let stream = random.pick(Self.streams)
        if random.oneIn(4) {
          try bench.log.writeTogether(events, to: stream)
        } else {
          bench.log.write(events, to: stream)
        }
      }
    }

    mutating func planFaults() {
      let errors = [
        Samples.full, Samples.late, Samples.lost, EventStoreError(.serverError, "out of order"),
        EventStoreError(.notLeader, "elections"),
      ]
      for _ in 0..<random.below(4) {
        source.plan(.refuse(random.pick(errors)), on: .readAll, skipping: random.below(12), times: 1 + random.below(3))
      }
    }

    /// One run; whether it finished.
    mutating func run() async throws -> Bool {
      bench.configuration.pageSize = random.pick([1, 2, 5, 13, 100])
      let stop = StopSignal()
      let stopAfter = random.oneIn(2) ? random.below(60) : .max
      let hits = source.faultHits
      defer { faultsHit += source.faultHits - hits }
      do {
        let report = try await bench.run(from: source, stop: stop) { if $0.events >= stopAfter { stop.stop() } }
        return report.outcome == .finished
      } catch let error as EventStoreError where error.code == .serverError {
        return false
      } catch let error as ReplicationError where error.code == .sourceDiverged {
        // A server error at an anchor's place says the same as another source.
        guard source.faultHits > hits else { throw error }
        return false
      }
    }
  }

  @Test("Whatever is written, goes wrong or is stopped, the archive equals the log in the end", arguments: 1...25)
  func simulation(seed: UInt64) async throws {
    var world = World(seed: seed)
    for _ in 0..<6 {
      try world.write()
      world.planFaults()
      _ = try await world.run()
      let archived = try world.bench.archived
      let includeSystem = world.bench.scope == .all(includeSystem: true)
      let all = try await Samples.all(of: world.bench.log, includeSystem: includeSystem)
      // Never anything but a beginning of the log.
      Samples.expectEqual(archived, Array(all.prefix(archived.count)))
    }
    for attempt in 1... {
      if try await world.run(), !world.source.hasPendingFaults { break }
      try #require(attempt < 200, "never finished")
    }
    try await world.bench.expectWhole()
  }

  @Test("The simulation does bring failures")
  func faultsHappen() async throws {
    var hits = 0
    for seed in 1...10 as ClosedRange<UInt64> {
      var world = World(seed: seed)
      for _ in 0..<6 {
        try world.write()
        world.planFaults()
        _ = try await world.run()
      }
      hits += world.faultsHit
    }
    #expect(hits > 20)
  }
}
