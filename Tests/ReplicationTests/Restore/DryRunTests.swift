import EventArchive
import EventStoreCore
import EventStoreServer
import Replication
import Testing

@Suite("Dry runs", .timeLimit(.minutes(2)))
struct DryRunTests {
  /// Streams of every kind: new, partly there, all there, in conflict, refused, deleted, too large, with metadata of every
  /// kind.
  private func bench() async throws -> RestoreBench {
    var bench = RestoreBench()
    bench.source.scope = .all(includeSystem: true)
    var script = EventScript()
    for number in 0..<12 as Range<EventNumber> {
      for stream in ["new", "part", "all", "conflict", "gone", "large", "deletedThere"] as [StreamName] {
        let isLarge = stream == "large" && number == 7
        script.add(stream, number, data: Bytes(String(repeating: "x", count: isLarge ? 2000 : 20)))
      }
    }
    script.add("late", 3, 4)
    script.add("$$new", 0, 1, type: .streamMetadata, data: #"{"$maxCount":5}"#)
    script.add("$$all", 0, type: .streamMetadata, data: #"{"own":1}"#)
    script.add("$$part", 0, type: .streamMetadata, data: #"{"own":2}"#)
    script.add("$system", 0, 1)
    script.add("gone", .deleted, type: .tombstone)
    script.add("links", 0, type: .link, data: "3@new")
    script.add("links", 1, type: .link, data: "3@gone")
    try await bench.archive(script.events)
    for (stream, count) in [("part", 5), ("all", 12), ("conflict", 3)] as [(StreamName, Int)] {
      let events = script.events.filter { $0.stream == stream }.prefix(count)
      bench.target.write(events.map { ProposedEvent($0) }, to: stream)
    }
    bench.target.write("other", to: "conflict")
    bench.target.setMetadata(#"{"own":1}"#, of: "all")
    bench.target.setMetadata(#"{"own":"other"}"#, of: "part")
    bench.target.write("a", to: "deletedThere")
    bench.target.remove("deletedThere", hard: true)
    return bench
  }

  private let limits = WriteLimits(maximumEventBytes: 1000, maximumAppendBytes: 5000, maximumAppendEvents: 50)

  @Test("A dry run writes nothing, rejects nothing, and counts what the real run then does", arguments: [1, 8])
  func sameNumbers(inFlight: Int) async throws {
    var bench = try await bench()
    bench.configuration.inFlight = inFlight
    bench.configuration.dryRun = true
    let count = bench.target.eventCount
    let target = HookedStore(LogConnection(bench.target, limits: limits)) { call in
      switch call {
      case .append, .delete: Issue.record("a dry run writes: \(call)")
      case .readAll, .readStream, .readEvent, .catchUp: break
      }
    }
    let plan = try await bench.run(to: target)
    #expect(plan.isDryRun && bench.target.eventCount == count && bench.rejects.rejected.isEmpty)

    bench.configuration.dryRun = false
    let report = try await bench.run(to: LogConnection(bench.target, limits: limits))
    #expect(plan.outcome == .conflict && report.outcome == .conflict)
    #expect(plan.order == report.order)
    #expect(plan.streams == report.streams)
    #expect(plan.events == report.events)
    #expect(plan.metadata == report.metadata)
    #expect(plan.payloadBytes == report.payloadBytes)
    #expect(plan.issueCount == report.issueCount)
    #expect(Set(plan.issues) == Set(report.issues))
    let streams = report.streams
    let kinds = [
      streams.created, streams.continued, streams.alreadyThere, streams.refused, streams.conflicts, streams.cutShort,
      streams.hardDeletedLeftOut, streams.systemLeftOut,
    ]
    #expect(kinds == [2, 1, 1, 1, 2, 1, 1, 1])
    #expect(report.metadata.conflicts == 1 && report.metadata.written == 1 && report.metadata.alreadyThere == 1)
    #expect(report.events.danglingLinks == 1)
  }

  @Test("A dry run into an empty target says what a restore of everything does")
  func emptyTarget() async throws {
    var bench = RestoreBench()
    bench.log.fill(with: DemoEvents(count: 400))
    try await bench.archive()
    bench.configuration.dryRun = true
    let plan = try await bench.run()
    #expect(bench.target.eventCount == 0)
    bench.configuration.dryRun = false
    var report = try await bench.run()
    #expect(report.events.appended > 0)
    report.isDryRun = true
    #expect(plan == report)

    bench.configuration.dryRun = true
    let again = try await bench.run()
    #expect(again.events.appended == 0 && again.metadata.written == 0)
  }
}
