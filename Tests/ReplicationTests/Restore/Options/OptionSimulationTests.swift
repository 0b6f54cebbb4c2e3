import EventArchive
import EventStoreCore
import EventStoreServer
import Replication
import TestSupport
import Testing

@Suite("Options together", .timeLimit(.minutes(3)))
struct OptionSimulationTests {
  /// An archive and options that depend on the seed alone.
  private struct World {
    var random: SeededRandom
    var bench = RestoreBench()
    let target: LogConnection

    private static let names: [StreamName] = ["a-1", "a-2", "b-1", "b-2", "c", "links"]

    init(seed: UInt64) {
      random = SeededRandom(seed: seed)
      bench.source.options.maximumFrameBytes = random.pick([200, 1000, 1 << 20])
      target = LogConnection(bench.target)
    }

    /// Streams with holes and late beginnings, links to older events, commits of several events, a clock that steps back.
    mutating func events() -> [RecordedEvent] {
      var events: [RecordedEvent] = []
      var next: [StreamName: EventNumber] = [:]
      for stream in Self.names where random.oneIn(3) { next[stream] = EventNumber(random.below(5)) }
      var (commit, clock): (Int64, Int64) = (0, 0)
      for _ in 0..<20 + random.below(80) {
        commit += 100
        clock += Int64(random.below(20)) - 5
        let stream = random.pick(Self.names)
        let target = random.oneIn(6) ? stream.metadataStream : stream
        let size = target == stream ? 1 + random.below(4) : 1
        for place in 1...size {
          if random.oneIn(8) { next[target, default: 0] += EventNumber(random.below(4)) }
          let link = events.isEmpty ? nil : random.pick(events)
          let isLink = stream == "links" && target == stream && link?.stream.isMetadataStream == false
          var data = Bytes("event \(events.count)")
          if let link, isLink { data = Bytes("\(link.number)@\(link.stream)") }
          if target != stream {
            data = random.oneIn(2) ? #"{"own":1}"# : Bytes("{\"$tb\":\(next[stream] ?? 0),\"own\":1}")
          }
          events.append(
            RecordedEvent(
              stream: target, number: next[target, default: 0], id: EventID(high: random.next(), low: 1),
              type: target != stream ? .streamMetadata : isLink ? .link : random.pick(["A", "A", "B"]), isJSON: true,
              data: data, created: Timestamp(ticks: 17_000_000_000_000_000 + clock * 10_000_000),
              position: Position(commit: commit, prepare: commit - Int64(size - place))))
          next[target, default: 0] += 1
        }
      }
      return events
    }

    mutating func choose(_ events: [RecordedEvent]) {
      let edge = random.pick(events)
      bench.configuration.numbers = random.pick([.renumber, .renumber, .preserve, .preserve, .strict])
      bench.configuration.order = random.pick(RestoreOrder.allCases)
      switch random.below(3) {
      case 0: bench.configuration.until = edge.position.map { .position($0) }
      case 1: bench.configuration.until = .time(edge.created)
      default: break
      }
      bench.configuration.renames = random.pick([
        [], [StreamRename(prefix: "a-", replacement: "x-")],
        [StreamRename(prefix: "a-", replacement: "b-"), StreamRename(prefix: "b-", replacement: "a-")],
      ])
      bench.configuration.filter = random.pick([
        EventFilter(), EventFilter(), EventFilter(excludeTypes: ["B"]), EventFilter(includeTypes: ["B", "$>"]),
        EventFilter(excludeStreams: ["a-1"]), EventFilter(includeStreams: ["~[12]$"], excludeTypes: ["B"]),
      ])
    }

    /// Faults that a run gets over, or that end it.
    mutating func planFaults() {
      let errors = [Samples.full, Samples.late, Samples.lost, EventStoreError(.notAuthenticated, "who are you")]
      for _ in 0..<random.below(4) {
        let error = random.pick(errors)
        target.plan(
          random.pick([LogFault.refuse(error), .failAfter(error), .loseReply]),
          on: random.pick([.append, .append, .readStream]), skipping: random.below(12), times: 1 + random.below(2))
      }
    }

    mutating func restore() async throws -> RestoreReport? {
      bench.configuration.inFlight = random.pick([1, 2, 64])
      bench.configuration.maximumAppendEvents = random.pick([1, 2, 3, 500])
      bench.configuration.maximumFramesWaiting = random.pick([1, 2, 32])
      planFaults()
      let stop = StopSignal()
      let stopAfter = random.oneIn(3) ? random.below(40) : .max
      do {
        return try await bench.run(to: target, stop: stop) { if $0.eventsAppended >= stopAfter { stop.stop() } }
      } catch let error as EventStoreError where error.code == .notAuthenticated {
        return nil
      }
    }
  }

  /// What a log holds, without the older metadata.
  private func content(_ log: EventLog) async throws -> [StreamName: OptionModel.Stream] {
    var streams: [StreamName: OptionModel.Stream] = [:]
    for event in try await Samples.all(of: log, includeSystem: true) {
      if let described = event.stream.describedStream {
        streams[described, default: .init()].metadata = String(decoding: event.data, as: UTF8.self)
      } else {
        let isFiller = event.type == "eventvault-filler"
        streams[event.stream, default: .init()].events.append(isFiller ? nil : .init(id: event.id, data: event.data))
      }
    }
    return streams
  }

  @Test("Numbers, names, cuts and filters together come to what the model says, whatever goes wrong", arguments: 1...60)
  func simulation(seed: UInt64) async throws {
    var world = World(seed: seed)
    let events = world.events()
    try await world.bench.archive(events)
    world.choose(events)
    let what = Comment(rawValue: "seed \(seed): \(world.bench.configuration)")
    let model = try OptionModel(events, world.bench.configuration)
    let ending: RestoreReport.Outcome = model.refused.isEmpty ? .finished : .incomplete

    var undisturbed = world.bench
    undisturbed.target = EventLog()
    let report = try await undisturbed.runTwice()
    #expect(report.outcome == ending, what)
    let content = try await content(undisturbed.target)
    for stream in Set(content.keys).union(model.target.keys) {
      #expect(content[stream] == model.target[stream], "stream \(stream), \(what)")
    }
    #expect(report.streams.refused == model.refused.count && report.events.moved == model.moved, what)
    #expect(report.events.afterCut == model.afterCut, what)
    if model.refused.isEmpty { #expect(report.events.danglingLinks == model.dangling, what) }
    try await undisturbed.expectRepeat(ending)
    if ending == .finished {
      let comparison = try await undisturbed.compare(undisturbed.configuration.compared)
      #expect(comparison.outcome == .equal, "\(comparison.found), \(what)")
    }

    for attempt in 1... {
      if let report = try await world.restore(), report.outcome == ending { break }
      try #require(attempt < 200, "never finished, \(what)")
    }
    #expect(try await self.content(world.bench.target) == content, what)
    try await world.bench.expectRepeat(ending)
  }

  @Test("The simulation does use every option, and its faults do happen")
  func everything() async throws {
    var numbers: [RestoreNumbers: Int] = [:]
    var (moved, fillers, cut, filtered, refused, dangling, renamed, hits) = (0, 0, 0, 0, 0, 0, 0, 0)
    for seed in 1...30 as ClosedRange<UInt64> {
      var world = World(seed: seed)
      let events = world.events()
      try await world.bench.archive(events)
      world.choose(events)
      let report = try await world.bench.run()
      numbers[world.bench.configuration.numbers, default: 0] += 1
      (moved, fillers) = (moved + report.events.moved, fillers + report.events.fillers)
      (cut, filtered) = (cut + report.events.afterCut, filtered + report.events.filteredOut)
      (refused, dangling) = (refused + report.streams.refused, dangling + report.events.danglingLinks)
      renamed += world.bench.configuration.renames.count
      world.bench.target = EventLog()
      for _ in 0..<3 { _ = try await world.restore() }
      hits += world.target.faultHits
    }
    #expect(numbers.count == 3 && moved > 0 && fillers > 0 && cut > 0 && filtered > 0)
    #expect(refused > 0 && dangling > 0 && renamed > 0 && hits > 10)
  }
}
