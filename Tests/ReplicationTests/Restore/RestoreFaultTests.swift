import EventArchive
import EventStoreCore
import EventStoreServer
import Replication
import Testing

@Suite(.timeLimit(.minutes(2))) struct RestoreFaultTests {
  /// Two streams with metadata, forty events in all.
  private func bench() async throws -> RestoreBench {
    let bench = RestoreBench()
    for number in 0..<20 {
      bench.log.write("number \(number)", to: "s")
      bench.log.write("number \(number)", to: "t")
    }
    bench.log.setMetadata(#"{"own":1}"#, of: "s")
    bench.log.remove("t")
    try await bench.archive()
    return bench
  }

  /// Expects that everything is on the target, and each event once.
  private func expectOnce(_ bench: RestoreBench, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    try await bench.expectWhole(sourceLocation: sourceLocation)
    #expect(bench.target.eventCount == 42, sourceLocation: sourceLocation)
  }

  @Test(
    "A failure that passes costs nothing, whether the request was carried out or not",
    arguments: [Samples.full, Samples.lost, Samples.late], [LogRequest.append, .readStream])
  func transient(error: EventStoreError, request: LogRequest) async throws {
    for skipping in 0..<(request == .append ? 9 : 3) {
      for fault in [LogFault.refuse(error), .failAfter(error), .loseReply] {
        let bench = try await bench()
        let target = LogConnection(bench.target)
        target.plan(fault, on: request, skipping: skipping, times: 2)
        let report = try await bench.run(to: target)
        #expect(report.outcome == .finished && target.faultHits == 2)
        #expect(report.events.appended + report.events.alreadyThere == 42)
        try await expectOnce(bench)
      }
    }
  }

  @Test("A batch whose answers are lost again and again is written once")
  func lostAnswers() async throws {
    let bench = try await bench()
    let target = LogConnection(bench.target)
    for _ in 0..<6 {
      target.plan(.failAfter(Samples.late), on: .append, times: 3)
      target.plan(.refuse(Samples.full), on: .append, skipping: 1, times: 2)
    }
    #expect(try await bench.run(to: target).outcome == .finished)
    #expect(target.faultHits >= 15)
    try await expectOnce(bench)
  }

  @Test("A run that lost an answer and ended is finished by the next, and nothing is written twice", arguments: 0..<9)
  func endsAfterLostAnswer(skipping: Int) async throws {
    let bench = try await bench()
    let target = LogConnection(bench.target)
    let error = EventStoreError(.notAuthenticated, "who are you")
    target.plan(.failAfter(error), on: .append, skipping: skipping)
    await #expect(throws: error) { try await bench.run(to: target) }
    #expect(!target.hasPendingFaults)
    #expect(try await bench.run().outcome == .finished)
    try await expectOnce(bench)
  }

  @Test(
    "A target that can never be written ends the run with its error",
    arguments: [EventStoreError.Code.readOnly, .notAuthenticated, .tlsFailed])
  func permanent(code: EventStoreError.Code) async throws {
    let bench = try await bench()
    let target = LogConnection(bench.target)
    let error = EventStoreError(code, "no", cause: "the server's own words")
    target.plan(.refuse(error), on: .append, skipping: 2)
    await #expect(throws: error) { try await bench.run(to: target) }
    #expect(try await bench.run().outcome == .finished)
    try await expectOnce(bench)
  }

  @Test("A target that always fails is a stall, and a repeat goes on", arguments: [1, 8])
  func alwaysFails(inFlight: Int) async throws {
    var bench = try await bench()
    bench.configuration.inFlight = inFlight
    bench.configuration.retry.maximumDelay = .seconds(1)
    let clock = TestClock(skipping: .seconds(50))
    let target = LogConnection(bench.target)
    target.plan(.refuse(Samples.full), on: .append, skipping: 3, times: .max)
    let error = await #expect(throws: ReplicationError.self) { try await bench.run(to: target, clock: clock) }
    #expect(error?.code == .stalled && error?.cause?.contains("too busy") == true)
    #expect(clock.elapsed >= .seconds(50))
    #expect(try await bench.run().outcome == .finished)
    try await expectOnce(bench)
  }

  @Test("A target that takes requests and never answers is a stall", arguments: [0, 1, 4])
  func neverAnswers(skipping: Int) async throws {
    var bench = try await bench()
    bench.configuration.inFlight = 1
    let clock = TestClock()
    let calls = Locked(0)
    let isHanging = Locked(false)
    let target = HookedStore(LogConnection(bench.target)) { _ in
      let hangs = calls.withLock { calls in
        calls += 1
        return calls > skipping
      }
      if hangs {
        isHanging.withLock { $0 = true }
        try await HookedStore.hang()
      }
    }
    let run = Task { [bench] in try await bench.run(to: target, clock: clock) }
    try await until("the target hangs") {
      isHanging.withLock { $0 } && clock.isSleptOn(for: Samples.retry.stallTimeout)
    }
    clock.advance(by: Samples.retry.stallTimeout)
    let error = await #expect(throws: ReplicationError.self) { try await run.value }
    #expect(error?.code == .stalled)
    #expect(try await bench.run().outcome == .finished)
    try await expectOnce(bench)
  }

  @Test("A stop signal waits for what is under way, says so, and a repeat goes on", arguments: [1, 8], [0, 1, 3, 6])
  func stopped(inFlight: Int, appends: Int) async throws {
    var bench = try await bench()
    bench.configuration.inFlight = inFlight
    let stop = StopSignal()
    if appends == 0 { stop.stop() }
    let seen = Locked(0)
    let target = HookedStore(LogConnection(bench.target)) { call in
      guard case .append = call else { return }
      let isDue = seen.withLock { seen in
        seen += 1
        return seen == appends
      }
      if isDue { stop.stop() }
    }
    let report = try await bench.run(to: target, stop: stop)
    #expect(report.outcome == .stopped)
    #expect(report.events.appended == bench.target.eventCount && report.events.appended < 42)
    if appends == 0 { #expect(bench.target.eventCount == 0) } else { #expect(bench.target.eventCount > 0) }
    let second = try await bench.run()
    #expect(second.outcome == .finished && second.events.appended + report.events.appended == 42)
    try await expectOnce(bench)
  }

  @Test("A stop signal ends a run whose target always fails, without waiting for the stall time-out")
  func stoppedWhileFailing() async throws {
    let bench = try await bench()
    let stop = StopSignal()
    let target = HookedStore(LogConnection(bench.target)) { call in
      guard case .append = call else { return }
      stop.stop()
      throw Samples.full
    }
    #expect(try await bench.run(to: target, stop: stop).outcome == .stopped)
    #expect(try await bench.run().outcome == .finished)
    try await expectOnce(bench)
  }

  @Test("Cancelling the run's task ends it; a repeat goes on")
  func cancelled() async throws {
    let bench = try await bench()
    let isHanging = Locked(false)
    let target = HookedStore(LogConnection(bench.target)) { call in
      guard case .append(_, _, .exactly) = call else { return }
      isHanging.withLock { $0 = true }
      try await HookedStore.hang()
    }
    let run = Task { try await bench.run(to: target) }
    try await until("the target hangs") { isHanging.withLock { $0 } }
    run.cancel()
    await #expect(throws: CancellationError.self) { try await run.value }
    #expect(try await bench.run().outcome == .finished)
    try await expectOnce(bench)
  }

  @Test("An answer with other numbers than those of the archive ends the run")
  func wrongNumbers() async throws {
    let bench = try await bench()
    let target = ShiftingTarget(store: LogConnection(bench.target))
    let error = await #expect(throws: ReplicationError.self) { try await bench.run(to: target) }
    #expect(error?.code == .unexpectedAnswer)
  }
}

/// A target that gives events other numbers than were asked for.
private struct ShiftingTarget: ForwardingStore {
  let store: LogConnection

  func append(
    _ events: [ProposedEvent], to stream: StreamName, expected: ExpectedVersion
  ) async throws -> AppendResult {
    var result = try await store.append(events, to: stream, expected: expected)
    result.lastEventNumber += 1
    return result
  }
}
