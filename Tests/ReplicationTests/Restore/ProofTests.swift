import EventArchive
import EventStoreCore
import EventStoreServer
import Replication
import Testing

@Suite("What is on the target already", .timeLimit(.minutes(2)))
struct ProofTests {
  /// An archive of 23 events of a stream, and of another stream.
  private func bench() async throws -> RestoreBench {
    let bench = RestoreBench()
    bench.log.write(Samples.events(0..<23), to: "s")
    bench.log.write("a", to: "other")
    try await bench.archive()
    return bench
  }

  /// Writes the first archived events of a stream to the target.
  private func preload(_ count: Int, of stream: StreamName = "s", _ bench: RestoreBench) throws {
    let events = try bench.archived.filter { $0.stream == stream }.prefix(count).map { ProposedEvent($0) }
    if !events.isEmpty { bench.target.write(Array(events), to: stream) }
  }

  private func expectOtherRestored(_ bench: RestoreBench, sourceLocation: SourceLocation = #_sourceLocation)
    async throws
  {
    #expect(try await bench.restored("other").map(\.data) == ["a"], sourceLocation: sourceLocation)
  }

  @Test("A stream that is partly there is continued, wherever it ends in a batch", arguments: 0...23)
  func continued(count: Int) async throws {
    let bench = try await bench()
    try preload(count, bench)
    let report = try await bench.run()
    try await bench.expectWhole()
    #expect(report.outcome == .finished && report.issues.isEmpty)
    #expect(report.events.alreadyThere == count && report.events.appended == 24 - count)
    #expect(report.streams.continued == (1..<23 ~= count ? 1 : 0))
    #expect(report.streams.alreadyThere == (count == 23 ? 1 : 0))
    #expect(report.streams.created == (count == 0 ? 2 : 1))
  }

  @Test("What is partly there is proven also when the target truncated it", arguments: [3, 5, 12, 23])
  func truncated(count: Int) async throws {
    let bench = try await bench()
    try preload(count, bench)
    bench.target.setMetadata("{\"$tb\":\(count)}", of: "s")
    let report = try await bench.run()
    try await bench.expectWhole()
    #expect(report.outcome == .finished)
    #expect(report.events.alreadyThere == count && report.events.appended == 24 - count && report.events.unproven == 0)
  }

  @Test("A target that went on after a restore keeps what it has, and everything archived is there")
  func targetWentOn() async throws {
    let bench = try await bench()
    try await bench.run()
    bench.target.write("new on the target", to: "s")
    let report = try await bench.run()
    #expect(report.outcome == .finished && report.events.appended == 0 && report.events.alreadyThere == 24)
    #expect(report.streams.alreadyThere == 2)
    #expect(try await bench.restored("s").count == 24)
  }

  @Test(
    "Another event in the place of an archived one is a conflict: that stream stops, the others go on",
    arguments: [0, 3, 5, 17, 22])
  func conflict(number: Int) async throws {
    let bench = try await bench()
    try preload(number, bench)
    bench.target.write("somebody else's", to: "s")
    let before = try await bench.restored("s")
    let report = try await bench.run()
    #expect(report.outcome == .conflict && report.streams.conflicts == 1 && report.issueCount == 1)
    let issue = try #require(report.issues.first)
    #expect(issue.kind == .differentEvent && issue.stream == "s" && issue.number == EventNumber(number))
    Samples.expectEqual(try await bench.restored("s"), before)
    try await expectOtherRestored(bench)
    #expect(report.events.appended == 1)
  }

  @Test("Another event in the middle of what is there is a conflict too")
  func conflictWithin() async throws {
    let bench = try await bench()
    try preload(7, bench)
    bench.target.write("somebody else's", to: "s")
    bench.target.write(try bench.archived.filter { $0.stream == "s" }.suffix(15).map { ProposedEvent($0) }, to: "s")
    let report = try await bench.run()
    #expect(report.outcome == .conflict && report.issues.map(\.number) == [7])
    #expect(try await bench.restored("s").count == 23)
    try await expectOtherRestored(bench)
  }

  @Test("A stream that is hard-deleted on the target is a conflict")
  func hardDeletedOnTarget() async throws {
    let bench = try await bench()
    bench.target.write("a", to: "s")
    bench.target.remove("s", hard: true)
    let report = try await bench.run()
    #expect(report.outcome == .conflict && report.streams.conflicts == 1)
    #expect(report.issues.map(\.kind) == [.hardDeletedOnTarget] && report.issues.map(\.stream) == ["s"])
    try await expectOtherRestored(bench)
  }

  /// A target that has scavenged the events of `s` before `kept`: it can neither show them nor recognise them.
  private func scavenged(_ bench: RestoreBench, upTo last: EventNumber) -> HookedStore {
    HookedStore(LogConnection(bench.target)) { call in
      guard case .append(_, "s", let expected) = call, expected.wireValue < last else { return }
      let count = try await bench.restored("s").count
      // The real server is not asked: it would still know the ids.
      throw EventStoreError(
        .wrongExpectedVersion, "stream s was expected at \(expected)", stream: "s",
        currentVersion: EventNumber(count) - 1)
    }
  }

  @Test(
    "Events that are gone on the target are unproven: counted, reported, and the rest is appended", arguments: [0, 4])
  func unproven(readable: Int) async throws {
    let bench = try await bench()
    try preload(10, bench)
    bench.target.setMetadata("{\"$tb\":\(10 - readable)}", of: "s")
    let report = try await bench.run(to: scavenged(bench, upTo: 9))
    #expect(report.outcome == .incomplete)
    #expect(report.streams.unproven == 1 && report.streams.conflicts == 0)
    #expect(report.events.unproven == 10 - readable && report.events.alreadyThere == readable)
    #expect(report.issues.contains { $0.kind == .unproven && $0.stream == "s" })
    #expect(report.events.appended == 14)
    #expect(Content(try await bench.restored("s")) == Content(try bench.archived.filter { $0.stream == "s" }))
  }

  @Test("Of events that the server does not recognise any more, those that can be read prove a conflict")
  func unprovenConflict() async throws {
    let bench = try await bench()
    try preload(9, bench)
    bench.target.write("somebody else's", to: "s")
    bench.target.setMetadata(#"{"$tb":6}"#, of: "s")
    let report = try await bench.run(to: scavenged(bench, upTo: 9))
    #expect(report.outcome == .conflict)
    #expect(report.issues.contains { $0.kind == .differentEvent && $0.number == 9 })
    #expect(try await bench.restored("s").count == 10)
  }

  @Test("A stream that is written to while it is restored becomes a conflict, and nothing is mixed into it")
  func writtenMeanwhile() async throws {
    let bench = try await bench()
    let intruder = Locked<EventNumber?>(nil)
    let target = HookedStore(LogConnection(bench.target)) { [log = bench.target] call in
      guard case .append(_, "s", .exactly(let last)) = call else { return }
      let isFirst = intruder.withLock { number in
        guard number == nil else { return false }
        number = last + 1
        return true
      }
      if isFirst { log.write("somebody else's", to: "s") }
    }
    let report = try await bench.run(to: target)
    let number = try #require(intruder.withLock { $0 })
    #expect(report.outcome == .conflict && report.issues.map(\.number) == [number])
    #expect(try await bench.restored("s").count == Int(number) + 1)
    try await expectOtherRestored(bench)
  }

  @Test("A target whose stream is soft-deleted goes on with the old numbers", arguments: [0, 6, 23])
  func softDeletedOnTarget(count: Int) async throws {
    let bench = try await bench()
    try preload(count, bench)
    if count == 0 {
      bench.target.setMetadata(#"{"$tb":9223372036854775807}"#, of: "s")
    } else {
      bench.target.remove("s")
    }
    let report = try await bench.run()
    #expect(report.events.alreadyThere == count && report.events.appended == 24 - count)
    #expect(report.outcome == .finished)
    // Not only there, but to be seen, as at the source.
    let visible = try await Samples.events(of: "s", in: bench.target)
    #expect(Content(visible) == Content(try bench.archived.filter { $0.stream == "s" }))
    let events = bench.target.eventCount
    #expect(try await bench.run().events.appended == 0)
    #expect(bench.target.eventCount == events)
  }
}
