import EventArchive
import EventStoreCore
import EventStoreServer
import Replication
import TestSupport
import Testing

@Suite("Comparisons through faults, stops and stalls")
struct CompareFaultTests {
  private let bench = CompareBench()

  private func fill() async throws {
    for stream in 0..<12 { bench.log.write(Samples.events(0..<40), to: StreamName("s-\(stream)")) }
    try await bench.copy()
  }

  @Test("Transient errors of either side are tried again", arguments: [LogRequest.readStream, .readAll])
  func transient(request: LogRequest) async throws {
    try await fill()
    let (source, target) = (LogConnection(bench.log), LogConnection(bench.target))
    for connection in [source, target] where request == .readAll || connection === target {
      connection.plan(.refuse(Samples.lost), on: request, skipping: 1, times: 2)
      connection.plan(.refuse(Samples.full), on: request, skipping: 3, times: 1)
    }
    let report = try await bench.runWithSource(through: source, against: target)
    #expect(report.outcome == .equal, "\(report.found)")
    #expect(target.faultHits == 3 && !target.hasPendingFaults && !source.hasPendingFaults)
  }

  @Test("Permanent errors end the run as they are")
  func permanent() async throws {
    try await fill()
    let target = LogConnection(bench.target)
    target.plan(.refuse(EventStoreError(.serverError, "no")), on: .readStream, skipping: 5)
    let error = await #expect(throws: EventStoreError.self) { try await bench.run(against: target) }
    #expect(error?.code == .serverError && target.faultHits == 1)
  }

  @Test("A server that answers nothing ends the run as stalled", arguments: [true, false])
  func stalled(isStream: Bool) async throws {
    try await fill()
    let clock = TestClock()
    let hung = Locked(false)
    let target = HookedStore(LogConnection(bench.target)) { call in
      switch call {
      case .readStream("s-5", from: 0) where isStream, .readAll where !isStream:
        hung.withLock { $0 = true }
        try await HookedStore.hang()
      default: break
      }
    }
    let bench = bench
    let run = Task {
      try await bench.run({ $0.retry.stallTimeout = .seconds(60) }, against: target, clock: clock)
    }
    let ended = Locked<(any Error)?>(nil)
    let watch = Task {
      do {
        let report = try await run.value
        Issue.record("it ended with \(report.outcome)")
        ended.withLock { $0 = CancellationError() }
      } catch {
        ended.withLock { $0 = error }
      }
    }
    try await until("the run has given up") {
      if hung.withLock({ $0 }) { clock.advance(by: .seconds(61)) }
      return ended.withLock { $0 != nil }
    }
    await watch.value
    #expect((ended.withLock { $0 } as? ReplicationError)?.code == .stalled)
  }

  @Test("A stop ends the run, whatever it does, and says what was found until then")
  func stopped() async throws {
    try await fill()
    bench.target.write("more", to: "s-0")
    for isArchive in [true, false] {
      var phases: Set<CompareProgress.Phase> = []
      for phase in CompareProgress.Phase.allCases where phase != .locating {
        let stop = StopSignal()
        let seen = Locked(false)
        let progress: @Sendable (CompareProgress) -> Void = {
          guard $0.phase == phase else { return }
          seen.withLock { $0 = true }
          stop.stop()
        }
        let report = try await CompareRun(
          reference: isArchive
            ? .archive(ArchiveReader(storage: bench.source.storage)) : .server(LogConnection(bench.log)),
          target: LogConnection(bench.target), configuration: bench.configuration, stop: stop, now: CompareBench.now,
          logger: Samples.quiet, progress: progress
        ).run()
        if seen.withLock({ $0 }) { phases.insert(phase) }
        #expect(report.outcome == (phase == .extra ? .different : .stopped), "\(phase)")
        #expect(report.streams.extra == nil, "\(phase)")
      }
      #expect(phases.count == 4)
    }
  }

  @Test("Damage of the archive ends the run")
  func damaged() async throws {
    try await fill()
    let segment = try #require(try ArchiveReader(storage: bench.source.storage).segments.first)
    try bench.source.storage.remove(segment.file)
    let error = await #expect(throws: ArchiveError.self) { try await bench.run() }
    #expect(error?.code == .damaged)
  }

  @Test("Progress counts the events of both sides up to all of them")
  func progress() async throws {
    try await fill()
    let last = Locked<CompareProgress?>(nil)
    _ = try await bench.run(progress: { progress in
      if progress.phase == .reference { last.withLock { $0 = progress } }
    })
    let progress = try #require(last.withLock { $0 })
    #expect(progress.events == 960 && progress.totalEvents == 960 && progress.fraction == 1)
  }

  @Test("Many random streams with one change each: every change is found and nothing else", arguments: 1...12)
  func random(seed: Int) async throws {
    var random = SeededRandom(seed: UInt64(seed))
    var expected: [String] = []
    for stream in 0..<20 {
      let name = StreamName("s-\(stream)")
      let count = 1 + random.below(60)
      var events = Samples.events(0..<count)
      bench.log.write(events, to: name)
      let place = random.below(count)
      switch random.below(6) {
      case 0:
        events[place].data = "other"
        expected.append("differentEvent \(name) \(place)")
      case 1:
        events.removeLast(count - place)
        expected.append(place == 0 ? "missing \(name)" : "missingEvents \(name) \(place)")
      case 2:
        events.append(Samples.event("more"))
        expected.append("extraEvents \(name) \(count)")
      case 3:
        // What comes after it has other numbers, and so differs from here on.
        events.insert(Samples.event("more"), at: place)
        expected.append("differentEvent \(name) \(place)")
      default: break
      }
      if !events.isEmpty { bench.target.write(events, to: name) }
    }
    try await bench.archive()
    #expect(try await bench.run().found == expected.sorted())
    #expect(try await bench.runWithSource().found == expected.sorted())
  }
}
