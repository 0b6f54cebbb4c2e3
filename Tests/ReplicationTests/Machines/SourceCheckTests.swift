import EventArchive
import EventStoreCore
import EventStoreServer
import Testing

@testable import Replication

@Suite struct SourceCheckTests {
  private let log = EventLog()
  private let clock = TestClock(skipping: .seconds(10))

  private var patience: Patience {
    Patience(
      policy: RetryPolicy(initialDelay: .milliseconds(100), stallTimeout: .seconds(30)),
      stopwatch: Stopwatch(clock), stop: StopSignal(), logger: Samples.quiet)
  }

  private func resumePoint() async throws -> ResumePoint {
    let events = try await Samples.all(of: log)
    let anchors = events.reversed().compactMap { event in event.position.map { Anchor(position: $0, id: event.id) } }
    return ResumePoint(checkpoint: anchors.first?.position, anchors: anchors)
  }

  private func refusal(_ source: any EventReader, _ resumePoint: ResumePoint) async -> ReplicationError? {
    await #expect(throws: ReplicationError.self) {
      try await SourceCheck(source: source, patience: patience).run(resumePoint)
    }
  }

  @Test("The archived source proves itself, through failures that pass")
  func same() async throws {
    log.write("a", "b", "c", to: "s")
    let connection = LogConnection(log)
    connection.plan(.refuse(Samples.full), on: .readAll, times: 3)
    #expect(try await SourceCheck(source: connection, patience: patience).run(resumePoint()))
    #expect(connection.faultHits == 3)
  }

  @Test("A checkpoint without anchors proves nothing and refuses nothing")
  func unproven() async throws {
    log.write("a", to: "s")
    let resumePoint = ResumePoint(checkpoint: try await LogConnection(log).lastPosition(), anchors: [])
    #expect(try await !SourceCheck(source: LogConnection(log), patience: patience).run(resumePoint))
  }

  @Test("Another event at the anchor's place is another source")
  func otherEvent() async throws {
    log.write("a", to: "s")
    var resumePoint = try await resumePoint()
    resumePoint.anchors[0].id = id(1)
    #expect(await refusal(LogConnection(log), resumePoint)?.code == .sourceDiverged)
  }

  @Test("An anchor inside another record is another source")
  func noRecordThere() async throws {
    log.write("a", "b", to: "s")
    var resumePoint = try await resumePoint()
    let place = resumePoint.anchors[1].position
    resumePoint.checkpoint = at(place.commit + 1)
    resumePoint.anchors = [Anchor(position: at(place.commit + 1), id: id(1))]
    #expect(await refusal(LogConnection(log), resumePoint)?.code == .sourceDiverged)
  }

  @Test("A source that ends too early is looked at again for as long as the stall time-out, and only then refused")
  func tooShort() async throws {
    log.write("a", to: "s")
    let resumePoint = ResumePoint(checkpoint: at(1_000_000), anchors: [Anchor(position: at(1_000_000), id: id(1))])
    let error = await refusal(LogConnection(log), resumePoint)
    #expect(error?.code == .sourceDiverged && error?.position == at(1_000_000))
    #expect(clock.elapsed >= .seconds(30))
  }

  @Test("A follower that lags is waited for")
  func lagging() async throws {
    let other = EventLog()
    let events = Samples.events(0..<5)
    for log in [log, other] { log.write(Array(events.prefix(3)), to: "s") }
    log.write(Array(events.suffix(2)), to: "s")
    let resumePoint = try await resumePoint()
    let looks = Locked(0)
    let lagging = HookedStore(LogConnection(other)) { call in
      guard case .readAll(.backward, _) = call else { return }
      let look = looks.withLock { looks in
        looks += 1
        return looks
      }
      if look == 4 { other.write(Array(events.suffix(2)), to: "s") }
    }
    #expect(try await SourceCheck(source: lagging, patience: patience).run(resumePoint))
    #expect(looks.withLock { $0 } == 4)
    #expect(clock.elapsed >= .seconds(3) && clock.elapsed < .seconds(30))
  }

  @Test("A source that never gets ready is a stall, not another source")
  func neverReady() async throws {
    log.write("a", to: "s")
    let connection = LogConnection(log)
    let resumePoint = try await resumePoint()
    connection.plan(.refuse(Samples.full), on: .readAll, times: 1_000_000)
    #expect(await refusal(connection, resumePoint)?.code == .stalled)
  }
}
