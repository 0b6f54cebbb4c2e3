import EventArchive
import EventStoreCore
import EventStoreServer
import Replication
import Testing

@Suite("Event numbers never change", .timeLimit(.minutes(2)))
struct StrictNumbersTests {
  @Test("A stream with a hole, or one that begins late, is refused before anything of it is written")
  func refused() async throws {
    let bench = RestoreBench()
    var script = EventScript()
    script.add("whole", 0, 1, 2)
    script.add("hole", 0, 1, 2, 3, 4, 5, 6, 8)
    script.add("late", 4, 5)
    script.add("$$hole", 0, type: .streamMetadata, data: #"{"$maxCount":3}"#)
    script.add("$$whole", 3, 7, type: .streamMetadata, data: #"{"own":"key"}"#)
    script.add("whole", 3)
    try await bench.archive(script.events)
    let appends = Locked<[StreamName]>([])
    let target = HookedStore(LogConnection(bench.target)) { call in
      if case .append(_, let stream, _) = call { appends.withLock { $0.append(stream) } }
    }
    let report = try await bench.run(to: target)
    #expect(Set(appends.withLock { $0 }) == ["whole", "$$whole"])
    try await bench.expectWhole(without: ["hole", "late"])
    #expect(report.outcome == .incomplete)
    #expect(report.streams.refused == 2 && report.streams.created == 1 && report.streams.conflicts == 0)
    let refusals = report.issues.filter { $0.kind == .numbersWouldChange }
    #expect(Set(refusals.map(\.stream)) == ["hole", "late"] && report.issueCount == 2)
    #expect(report.events.appended == 5 && report.events.supersededMetadata == 1)
  }

  @Test("A hole deep in a large archive is known before the stream's first event is written")
  func lateHole() async throws {
    let bench = RestoreBench()
    var script = EventScript()
    for number in 0..<300 as Range<EventNumber> {
      script.add("s", number, data: Bytes(String(repeating: "x", count: 100)))
      script.add("hole", number < 299 ? number : 300)
    }
    try await bench.archive(script.events)
    #expect(try ArchiveReader(storage: bench.source.storage).segments.count > 1)
    let report = try await bench.run()
    #expect(report.streams.refused == 1)
    #expect(try await bench.restored("hole").isEmpty)
    #expect(try await bench.restored("s").count == 300)
  }

  @Test("A stream that begins late keeps its numbers on a target that has what is before, and is restored there")
  func continuesTarget() async throws {
    let bench = RestoreBench()
    bench.target.write("0", "1", "2", "3", to: "late")
    var script = EventScript()
    script.add("late", 4, 5, 6)
    try await bench.archive(script.events)
    let report = try await bench.run()
    #expect(report.outcome == .finished && report.events.appended == 3 && report.streams.refused == 0)
    #expect(try await bench.restored("late").map(\.number) == Array(0...6))
    #expect(try await bench.run().events.alreadyThere == 3)
    #expect(bench.target.eventCount == 7)
  }

  @Test("A target that has only a part of what is before a late beginning is left alone")
  func gapOnTarget() async throws {
    let bench = RestoreBench()
    bench.target.write("0", "1", to: "late")
    var script = EventScript()
    script.add("late", 4, 5, 6)
    try await bench.archive(script.events)
    let report = try await bench.run()
    #expect(report.outcome == .incomplete && report.streams.refused == 1)
    #expect(bench.target.eventCount == 2)
  }

  @Test("A refused stream changes nothing for links to it but that they are counted as dangling")
  func linksToRefused() async throws {
    let bench = RestoreBench()
    var script = EventScript()
    script.add("late", 4)
    script.add("links", 0, type: .link, data: "4@late")
    try await bench.archive(script.events)
    let report = try await bench.run()
    #expect(report.events.danglingLinks == 1 && report.events.appended == 1)
  }
}
