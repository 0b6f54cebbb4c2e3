import EventArchive
import EventStoreCore
import EventStoreServer
import Replication
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(3))) struct RestoreSimulationTests {
  /// A world that depends on the seed alone: what the source holds, what goes wrong at the target, and when somebody stops.
  private struct World {
    var random: SeededRandom
    var bench = RestoreBench()
    let target: LogConnection
    private(set) var hardDeleted: Set<StreamName> = []

    init(seed: UInt64) {
      random = SeededRandom(seed: seed)
      bench.source.options.maximumFrameBytes = random.pick([200, 1000, 1 << 20])
      target = LogConnection(bench.target)
    }

    private static let streams = (0..<6).map { StreamName("stream \($0)") }

    private mutating func event() -> ProposedEvent {
      // Few ids, so that one comes twice in a stream now and then.
      let id = random.oneIn(8) ? EventID(high: 0, low: UInt64(random.below(3))) : EventID(high: random.next(), low: 1)
      return ProposedEvent(
        id: id, type: random.pick(["A", "B"]), isJSON: random.oneIn(2),
        data: Bytes((0..<random.below(60)).map { _ in UInt8.random(in: 0...255, using: &random) }),
        metadata: random.oneIn(2) ? "" : #"{"by":"somebody"}"#)
    }

    private mutating func write(to stream: StreamName) async throws {
      let page = try await LogConnection(bench.log).readStream(
        stream, .backward, from: .streamEnd, maximumCount: 1, resolveLinks: false)
      let expected = ExpectedVersion(after: page.lastEventNumber < 0 ? nil : page.lastEventNumber)
      let events = (0...random.below(7)).map { _ in event() }
      #expect(bench.log.append(events, to: stream, expected: expected, by: .system).isWritten)
    }

    private mutating func changeSource() async throws {
      let stream = random.pick(Self.streams.filter { !hardDeleted.contains($0) })
      switch random.below(20) {
      case 0..<12: try await write(to: stream)
      case 12..<15:
        let json = [#"{"own":1}"#, #"{"$maxCount":3}"#, #"{"$tb":2}"#, #"{"own":1,"$maxAge":90000}"#, "{}"]
        bench.log.setMetadata(random.pick(json), of: stream)
      case 15..<18: bench.log.remove(stream)
      case 18: bench.log.write("left out", to: "$system")
      default:
        guard random.oneIn(4), hardDeleted.count < 3 else { return }
        bench.log.remove(stream, hard: true)
        hardDeleted.insert(stream)
      }
    }

    /// Lets something happen at the source, and archives it.
    mutating func archive() async throws {
      for _ in 0..<5 + random.below(40) { try await changeSource() }
      try await bench.archive()
    }

    private mutating func planFaults() {
      let errors = [Samples.full, Samples.late, Samples.lost, EventStoreError(.notAuthenticated, "who are you")]
      for _ in 0..<random.below(5) {
        let error = random.pick(errors)
        let fault = random.pick([LogFault.refuse(error), .failAfter(error), .loseReply])
        target.plan(
          fault, on: random.pick([.append, .append, .readStream]), skipping: random.below(15),
          times: 1 + random.below(3))
      }
    }

    /// One run; its report, nil when it failed.
    mutating func restore(withFaults: Bool = true) async throws -> RestoreReport? {
      bench.configuration.inFlight = random.pick([1, 2, 64])
      bench.configuration.maximumAppendEvents = random.pick([1, 2, 3, 500])
      bench.configuration.maximumFramesWaiting = random.pick([1, 2, 32])
      let stop = StopSignal()
      if withFaults {
        planFaults()
        let stopAfter = random.oneIn(2) ? random.below(60) : .max
        do {
          return try await bench.run(to: target, stop: stop) { if $0.eventsAppended >= stopAfter { stop.stop() } }
        } catch let error as EventStoreError where error.code == .notAuthenticated {
          return nil
        }
      }
      return try await bench.run()
    }
  }

  @Test(
    "Whatever goes wrong or is stopped, the target equals the source in the end, each event once", arguments: 1...25)
  func simulation(seed: UInt64) async throws {
    var world = World(seed: seed)
    for _ in 0..<3 {
      try await world.archive()
      for attempt in 1... {
        let report = try await world.restore()
        if let report {
          #expect(report.outcome == .finished || report.outcome == .stopped, "\(report.issues)")
          if report.outcome == .finished { break }
        }
        try #require(attempt < 200, "never finished")
      }
      try await world.bench.expectWhole(without: world.hardDeleted.union(["$system"]))
      let count = world.bench.target.eventCount
      let again = try #require(try await world.restore(withFaults: false))
      #expect(again.outcome == .finished && again.events.appended == 0 && again.metadata.written == 0)
      #expect(world.bench.target.eventCount == count)
    }
    try await expectSameReads(world)
  }

  /// Expects that readers see the same of both, soft deletes and limits included.
  private func expectSameReads(_ world: World) async throws {
    let streams = Set(try world.bench.archived.map(\.stream)).subtracting(world.hardDeleted)
    for stream in streams where !stream.isMetadataStream {
      let source = try await Samples.events(of: stream, in: world.bench.log)
      let target = try await Samples.events(of: stream, in: world.bench.target)
      #expect(Content(target) == Content(source), "stream \(stream)")
    }
  }

  @Test("The simulation does bring failures and stops")
  func faultsHappen() async throws {
    var hits = 0
    var outcomes: [RestoreReport.Outcome?] = []
    for seed in 1...12 as ClosedRange<UInt64> {
      var world = World(seed: seed)
      try await world.archive()
      for _ in 0..<4 { outcomes.append(try await world.restore()?.outcome) }
      hits += world.target.faultHits
    }
    #expect(hits > 20)
    #expect(outcomes.contains(.stopped) && outcomes.contains(nil) && outcomes.contains(.finished))
  }
}
