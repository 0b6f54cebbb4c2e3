import EventArchive
import EventStoreCore
import EventStoreServer
import Replication
import Testing

@Suite("Comparisons that find no difference")
struct EqualTests {
  private let bench = CompareBench()

  private func expectEqual(
    streams: Int, hidden: Int? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    for (name, report) in try await bench.runAll() {
      #expect(report.outcome == .equal, "\(name): \(report.found)", sourceLocation: sourceLocation)
      #expect(report.streams.same == streams, "\(name)", sourceLocation: sourceLocation)
      #expect(report.differenceCount == 0, "\(name)", sourceLocation: sourceLocation)
      #expect(report.streams.extra == 0, "\(name)", sourceLocation: sourceLocation)
      if let hidden, report.isFull {
        #expect(report.events.hidden == hidden, "\(name)", sourceLocation: sourceLocation)
        #expect(report.events.same + hidden == report.events.reference, "\(name)", sourceLocation: sourceLocation)
      }
    }
  }

  @Test("What was restored is equal, whatever its shape")
  func restored() async throws {
    for stream in 0..<9 { bench.log.write(Samples.events(0..<(stream * 7 + 1)), to: StreamName("s-\(stream)")) }
    bench.log.write([Samples.event("0@s-1", type: .link)], to: "links")
    bench.log.setMetadata(#"{"$maxCount":100,"mine":[1, 2]}"#, of: "s-3")
    bench.log.setMetadata("no json", of: "s-4")
    try await bench.copy()
    try await expectEqual(streams: 10, hidden: 0)
  }

  @Test("An empty archive and an empty server are equal")
  func empty() async throws {
    try await bench.archive()
    try await expectEqual(streams: 0, hidden: 0)
  }

  @Test("Truncated and cut streams hide on the target what they hide in the archive")
  func truncated() async throws {
    bench.log.write(Samples.events(0..<20), to: "counted")
    bench.log.setMetadata(#"{"$maxCount":3}"#, of: "counted")
    bench.log.write(Samples.events(0..<20), to: "truncated")
    bench.log.setMetadata(#"{"$tb":15}"#, of: "truncated")
    bench.log.write(Samples.events(0..<5), to: "empty")
    bench.log.setMetadata(#"{"$tb":5}"#, of: "empty")
    try await bench.copy()
    try await expectEqual(streams: 3, hidden: 17 + 15 + 5)
  }

  @Test("Soft-deleted streams are equal when both are, and when both were written again")
  func softDeleted() async throws {
    bench.log.write(Samples.events(0..<4), to: "gone")
    bench.log.remove("gone")
    bench.log.write(Samples.events(0..<4), to: "again")
    bench.log.remove("again")
    bench.log.write(Samples.events(4..<6), to: "again")
    try await bench.copy()
    try await expectEqual(streams: 2, hidden: 8)
  }

  @Test("A $tb that the target's server wrote by itself is as good as the archived one")
  func serverMade() async throws {
    bench.log.write(Samples.events(0..<4), to: "again")
    bench.log.remove("again")
    try await bench.copy()
    bench.log.write(Samples.events(4..<6), to: "again")
    try await bench.copy()
    try await expectEqual(streams: 1, hidden: 4)
  }

  @Test("Events past their $maxAge that only the target hides are hidden")
  func aged() async throws {
    let old = Timestamp(ticks: 17_000_000_000_000_000)
    bench.log.write(Samples.events(0..<4), to: "aging", at: old)
    bench.log.setMetadata(#"{"$maxAge":50}"#, of: "aging")
    try await bench.archive()
    let events = try Samples.content(of: bench.source.storage)
    bench.target.write(
      events.filter { $0.stream == "aging" }.map { ProposedEvent($0) }, to: "aging", at: old)
    bench.target.setMetadata(#"{"$maxAge":50}"#, of: "aging")
    let report = try await bench.run()
    #expect(report.outcome == .equal && report.events.hidden == 4, "\(report.found)")
    let young = try await bench.run(now: Timestamp(ticks: old.ticks + 10_000_000))
    #expect(young.found == ["missingEvents aging 0"])
  }

  @Test("Hard-deleted streams are left out, and equal where both sides have deleted them")
  func hardDeleted() async throws {
    bench.log.write("a", to: "kept")
    bench.log.write("a", to: "deleted")
    bench.log.remove("deleted", hard: true)
    try await bench.copy()
    for (name, report) in try await bench.runAll() {
      #expect(report.outcome == .equal && report.streams.hardDeletedLeftOut == 1, "\(name): \(report.found)")
      #expect(report.streams.same == 1, "\(name)")
    }
    bench.target.write("a", to: "deleted")
    bench.target.remove("deleted", hard: true)
    for (name, report) in try await bench.runAll() {
      #expect(report.outcome == .equal && report.streams.same == 2, "\(name): \(report.found)")
    }
  }

  @Test("System streams are left out unless they are asked for")
  func system() async throws {
    bench.log.write("a", to: "user")
    bench.log.write("a", to: "$system")
    bench.target.write("b", to: "$other")
    try await bench.copy()
    for (name, report) in try await bench.runAll() {
      #expect(report.outcome == .equal && report.streams.extra == 0, "\(name): \(report.found)")
      #expect(report.streams.systemLeftOut == (name.hasPrefix("source") ? 1 : 0), "\(name)")
    }
    let all = try await bench.runWithSource { $0.includeSystem = true }
    #expect(all.found == ["extra $other", "missing $system"])
    let archived = try await bench.run { $0.includeSystem = true }
    #expect(archived.outcome == .equal, "the archive does not claim to hold system streams: \(archived.found)")
  }

  @Test("Streams with holes are equal under their own numbers and under new ones, and then counted as renumbered")
  func renumbered() async throws {
    let source = EventLog()
    source.write(Samples.events(0..<9), to: "holes")
    let all = try await Samples.all(of: source)
    try await bench.archive(all.filter { [2, 3, 7].contains($0.number) })
    bench.target.write(all.filter { [2, 3, 7].contains($0.number) }.map { ProposedEvent($0) }, to: "holes")
    for isFull in [false, true] {
      let report = try await bench.run { $0.isFull = isFull }
      #expect(report.outcome == .equal && report.streams.renumbered == 1, "\(report.found)")
    }
    let itself = try await bench.run(against: LogConnection(source))
    #expect(itself.found == ["extraEvents holes 0"], "the archive lacks the first event")
  }

  @Test("Under new names the same streams are equal, links and metadata too")
  func renamed() async throws {
    bench.log.write("a", "b", to: "old-1")
    bench.log.write([Samples.event("1@old-1", type: .link)], to: "links")
    bench.log.setMetadata(#"{"$maxCount":9}"#, of: "old-1")
    try await bench.archive()
    for event in try Samples.content(of: bench.source.storage) {
      var proposed = ProposedEvent(event)
      if event.isLink { proposed.data = "1@new-1" }
      let name = event.stream.description.replacing("old-", with: "new-")
      bench.target.write([proposed], to: StreamName(name))
    }
    let renames = [StreamRename(prefix: "old-", replacement: "new-")]
    let report = try await bench.run { $0.renames = renames }
    #expect(report.outcome == .equal && report.streams.same == 2 && report.metadata.same == 1, "\(report.found)")
    let unmapped = try await bench.run()
    #expect(unmapped.found == ["differentEvent links 0", "extra new-1", "missing old-1"])
  }
}
