import EventArchive
import EventStoreCore
import EventStoreServer
import Replication
import Testing

@Suite("Comparisons that find differences")
struct DifferenceTests {
  private let bench = CompareBench()

  /// Expects these differences of all four kinds of run.
  private func expect(_ found: [String], sourceLocation: SourceLocation = #_sourceLocation) async throws {
    for (name, report) in try await bench.runAll() {
      #expect(report.found == found.sorted(), "\(name)", sourceLocation: sourceLocation)
      #expect(report.outcome == .different, "\(name)", sourceLocation: sourceLocation)
      #expect(report.differenceCount == found.count, "\(name)", sourceLocation: sourceLocation)
    }
  }

  /// Writes a stream to both sides, changed on the target.
  private func write(
    _ stream: StreamName, _ count: Int, _ change: (inout [ProposedEvent]) -> Void
  ) {
    var events = Samples.events(0..<count)
    bench.log.write(events, to: stream)
    change(&events)
    if !events.isEmpty { bench.target.write(events, to: stream) }
  }

  @Test("Missing and extra streams are named, and those that are the same are counted")
  func streams() async throws {
    write("same", 3) { _ in }
    write("missing", 3) { $0 = [] }
    bench.target.write("a", to: "extra")
    bench.target.write("a", to: "deleted")
    bench.target.remove("deleted")
    bench.target.setMetadata(#"{"a":1}"#, of: "only-metadata")
    try await bench.archive()
    try await expect(["missing missing", "extra extra", "extra only-metadata"])
    for (name, report) in try await bench.runAll() {
      #expect(report.streams.same == 1 && report.streams.missing == 1 && report.streams.extra == 2, "\(name)")
      #expect(report.events.same == 3 && report.events.reference == 6, "\(name)")
    }
  }

  @Test("Streams that end earlier or later differ from the first event that only one side has")
  func ends() async throws {
    write("short", 9) { $0.removeLast(2) }
    write("long", 9) { $0.append(Samples.event("more")) }
    try await bench.archive()
    try await expect(["missingEvents short 7", "extraEvents long 9"])
  }

  @Test("Only --full sees other events at the same numbers, and says at which and what differs")
  func content() async throws {
    write("id", 50) { $0[30].id = EventID() }
    write("type", 50) { $0[31].type = "Other" }
    write("flag", 50) { $0[32].isJSON = true }
    write("data", 50) { $0[33].data = "other" }
    write("metadata", 50) { $0[34].metadata = "other" }
    write("order", 50) { $0.swapAt(40, 41) }
    write("shorter", 50) {
      $0[35].data = "other"
      $0.removeLast()
    }
    try await bench.archive()
    #expect(try await bench.run { $0.isFull = false }.found == ["missingEvents shorter 49"])
    let names = [
      "id 30", "type 31", "flag 32", "data 33", "metadata 34", "order 40", "shorter 35",
    ]
    for report in [try await bench.run(), try await bench.runWithSource()] {
      #expect(report.found == names.map { "differentEvent \($0)" }.sorted())
      #expect(report.streams.different == 7 && report.outcome == .different)
      #expect(
        report.differences.first { $0.stream == "flag" }?.detail.hasPrefix("the content type of event") == true)
    }
  }

  @Test(
    "Of more streams than are looked into the differences are named without a place, and of more than are listed counted"
  )
  func bounds() async throws {
    for stream in 0..<6 { write(StreamName("s-\(stream)"), 5) { $0[2].data = "other" } }
    try await bench.archive()
    let report = try await bench.run {
      $0.maximumStreamsLocated = 2
      $0.maximumDifferencesListed = 4
    }
    #expect(
      report.found == ["differentEvent s-0 2", "differentEvent s-1 2", "differentEvents s-2", "differentEvents s-3"])
    #expect(report.differenceCount == 6 && report.streams.different == 6)
  }

  @Test("Deletes on one side only are differences")
  func deletes() async throws {
    for stream in ["soft", "hard"] as [StreamName] {
      write(stream, 3) { _ in }
      bench.target.remove(stream, hard: stream == "hard")
    }
    write("undeleted", 3) { _ in }
    bench.log.remove("undeleted", hard: true)
    write("revived", 3) { _ in }
    bench.log.remove("revived")
    try await bench.archive()
    try await expect([
      "deletedOnTarget hard", "deletedOnTarget soft", "differentMetadata soft", "aliveOnTarget undeleted",
      "differentMetadata revived",
    ])
  }

  @Test("Metadata that say something else are a difference of their stream, and hide nothing")
  func metadata() async throws {
    write("count", 9) { _ in }
    bench.log.setMetadata(#"{"$maxCount":5}"#, of: "count")
    bench.target.setMetadata(#"{"$maxCount":6}"#, of: "count")
    write("added", 3) { _ in }
    bench.target.setMetadata(#"{"$acl":{"$r":"$admins"}}"#, of: "added")
    write("lost", 3) { _ in }
    bench.log.setMetadata(#"{"mine":1}"#, of: "lost")
    write("same", 3) { _ in }
    for log in [bench.log, bench.target] { log.setMetadata(#"{"mine":1}"#, of: "same") }
    try await bench.archive()
    try await expect(["differentMetadata added", "differentMetadata count", "differentMetadata lost"])
    let report = try await bench.run()
    #expect(report.metadata.same == 1 && report.metadata.different == 3)
    #expect(report.streams.different == 3 && report.streams.same == 1)
  }

  @Test("Events that only the target's metadata hide are missing")
  func hiddenOnTarget() async throws {
    write("s", 9) { _ in }
    bench.target.setMetadata(#"{"$tb":4}"#, of: "s")
    try await bench.archive()
    #expect(try await bench.run().found == ["differentMetadata s", "missingEvents s 0"])
    #expect(try await bench.run { $0.isFull = false }.found == ["differentMetadata s"])
  }

  @Test("Events in the archive's holes are extra")
  func holes() async throws {
    let source = EventLog()
    source.write(Samples.events(0..<9), to: "s")
    try await bench.archive(try await Samples.all(of: source).filter { $0.number != 4 })
    #expect(try await bench.run(against: LogConnection(source)).found == ["extraEvents s 4"])
  }
}
