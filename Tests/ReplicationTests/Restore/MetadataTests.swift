import EventArchive
import EventStoreCore
import EventStoreServer
import Replication
import Testing

@Suite("Stream metadata and soft deletes", .timeLimit(.minutes(2)))
struct MetadataTests {
  /// A stream of twelve events whose metadata was set before, between and after them.
  private func bench(_ versions: String...) async throws -> RestoreBench {
    let bench = RestoreBench()
    for (index, version) in versions.enumerated() {
      bench.log.setMetadata(version, of: "s")
      bench.log.write(Samples.events(index * 4..<index * 4 + 4), to: "s")
    }
    try await bench.archive()
    return bench
  }

  private func metadata(_ bench: RestoreBench) async throws -> [Bytes] {
    try await bench.restored("$$s").map(\.data)
  }

  @Test("Only the last metadata is written, byte for byte and with its id; the older ones are counted")
  func finalOnly() async throws {
    let bench = try await bench(#"{"n":0}"#, #"{"n":1}"#, "{ \"own\" : [1, 2.50],\n \"$maxCount\":100}")
    let report = try await bench.run()
    #expect(try await metadata(bench) == ["{ \"own\" : [1, 2.50],\n \"$maxCount\":100}"])
    try await bench.expectWhole()
    #expect(try await bench.restored("$$s").map(\.id) == [try bench.archived.last { $0.stream == "$$s" }?.id])
    #expect(report.metadata.written == 1 && report.events.supersededMetadata == 2)
    #expect(report.events.appended == 13 && report.streams.created == 1)
  }

  @Test(
    "Metadata that hide events come after all of the stream's events",
    arguments: [#"{"$maxCount":3}"#, #"{"$tb":9}"#, #"{"$maxAge":1}"#, #"{"$tb":9223372036854775807}"#], [1, 8])
  func afterTheEvents(json: String, inFlight: Int) async throws {
    var bench = try await bench(json, json, json)
    bench.configuration.inFlight = inFlight
    let counts = Locked<[Int]>([])
    let target = HookedStore(LogConnection(bench.target)) { [bench] call in
      guard case .append(_, "$$s", _) = call else { return }
      let count = try await bench.restored("s").count
      counts.withLock { $0.append(count) }
    }
    #expect(try await bench.run(to: target).outcome == .finished)
    // Re-created again and again the source's stream has more; the last of it counts.
    let whole = try bench.archived.filter { $0.stream == "s" }.count
    #expect(counts.withLock { $0 } == [whole])
    try await bench.expectWhole()
    #expect(try await bench.run().events.appended == 0)
  }

  @Test("A target that shows the metadata's limits shows the same events as the source")
  func sameReads() async throws {
    let bench = try await bench(#"{"$maxCount":5}"#, #"{"$maxCount":7}"#, #"{"$maxCount":3,"$tb":2}"#)
    try await bench.run()
    let source = try await Samples.events(of: "s", in: bench.log)
    let target = try await Samples.events(of: "s", in: bench.target)
    #expect(Content(target) == Content(source) && target.map(\.number) == [9, 10, 11])
  }

  @Test("Metadata that equal an archived version are replaced by the last one")
  func replacesArchived() async throws {
    let bench = try await bench(#"{"n":0}"#, #"{"n":1}"#, #"{"n":2}"#)
    for version in [#"{"n":0}"#, #"{"n":1}"#] {
      var bench = bench
      bench.target = EventLog()
      bench.target.setMetadata(version, of: "s")
      let report = try await bench.run()
      #expect(report.outcome == .finished && report.metadata.written == 1 && report.metadata.conflicts == 0)
      #expect(try await metadata(bench) == [Bytes(version), #"{"n":2}"#])
    }
  }

  @Test("The last metadata are not written a second time, also when they came under another id")
  func alreadyThere() async throws {
    let bench = try await bench(#"{"n":0}"#, #"{"n":1}"#)
    bench.target.setMetadata(#"{"n":1}"#, of: "s")
    let report = try await bench.run()
    #expect(report.outcome == .finished && report.metadata.alreadyThere == 1 && report.metadata.written == 0)
    #expect(try await metadata(bench) == [#"{"n":1}"#])
  }

  @Test("A $tb that a server wrote on the target is replaced")
  func replacesServerMade() async throws {
    let bench = try await bench(#"{"n":0}"#)
    bench.target.write(try bench.archived.filter { $0.stream == "s" }.prefix(2).map { ProposedEvent($0) }, to: "s")
    bench.target.remove("s")
    let report = try await bench.run()
    #expect(report.metadata.conflicts == 0 && report.metadata.written == 1)
    #expect(try await metadata(bench).last == #"{"n":0}"#)
    #expect(try await Samples.events(of: "s", in: bench.target).count == 4)
  }

  @Test("A stream that the target soft-deleted after everything was restored is as archived again after one run")
  func softDeletedAfterRestore() async throws {
    for version in [#"{"n":0}"#, #"{"$tb":1}"#, #"{"$maxCount":2}"#] {
      let bench = try await bench(version)
      try await bench.run()
      bench.target.remove("s")
      #expect(try await bench.run().outcome == .finished)
      #expect(try await metadata(bench).last == Bytes(version))
      let source = try await Samples.events(of: "s", in: bench.log)
      #expect(Content(try await Samples.events(of: "s", in: bench.target)) == Content(source))
      let count = bench.target.eventCount
      try await bench.run()
      #expect(bench.target.eventCount == count)
    }
  }

  @Test("Other metadata on the target are a conflict and stay, while the stream's events are restored")
  func conflict() async throws {
    for other in [#"{"own":"other"}"#, #"{"$tb":2,"own":1}"#, #"{"$maxCount":9}"#, "no json"] {
      let bench = try await bench(#"{"n":0}"#, #"{"n":1}"#)
      bench.log.write("a", to: "t")
      bench.log.setMetadata(#"{"t":1}"#, of: "t")
      try await bench.archive()
      bench.target.setMetadata(other, of: "s")
      let report = try await bench.run()
      #expect(report.outcome == .conflict && report.metadata.conflicts == 1 && report.metadata.written == 1)
      #expect(report.issues.map(\.kind) == [.differentMetadata] && report.issueCount == 1)
      #expect(try await metadata(bench) == [Bytes(other)])
      #expect(try await bench.restored("s").count == 8)
      #expect(try await bench.restored("$$t").count == 1)
    }
  }

  @Test("A soft delete is carried over by the archived event itself, and a repeat writes nothing", arguments: [1, 8])
  func softDeleted(inFlight: Int) async throws {
    var bench = try await bench(#"{"n":0}"#, #"{"n":1}"#)
    bench.configuration.inFlight = inFlight
    bench.log.remove("s")
    try await bench.archive()
    let report = try await bench.run()
    #expect(report.outcome == .finished && report.issues.isEmpty)
    try await bench.expectWhole()
    let page = try await LogConnection(bench.target).readStream(
      "s", .forward, from: 0, maximumCount: 100, resolveLinks: false)
    #expect(page.status == .noStream && page.lastEventNumber == 7)
    let archived = try #require(try bench.archived.last { $0.stream == "$$s" })
    #expect(try await bench.restored("$$s").map(\.id) == [archived.id])

    let count = bench.target.eventCount
    let second = try await bench.run()
    #expect(bench.target.eventCount == count && second.outcome == .finished)
    #expect(second.streams.alreadyThere == 1 && second.metadata.alreadyThere == 1)
  }

  @Test("A stream that was created anew after a soft delete is restored with what the source hides")
  func recreated() async throws {
    let bench = try await bench(#"{"n":0}"#, #"{"n":1}"#)
    bench.log.remove("s")
    bench.log.write("new", to: "s")
    try await bench.archive()
    #expect(try await bench.run().outcome == .finished)
    try await bench.expectWhole()
    #expect(try await Samples.events(of: "s", in: bench.target).map(\.data) == ["new"])
    let count = bench.target.eventCount
    #expect(try await bench.run().events.appended == 0)
    #expect(bench.target.eventCount == count)
  }

  @Test("Newer archives of a stream bring a target on, through deletes and new beginnings")
  func generations() async throws {
    let bench = try await bench(#"{"n":0}"#)
    let steps: [(String, (EventLog) -> Void)] = [
      ("metadata", { $0.setMetadata(#"{"n":1}"#, of: "s") }),
      ("soft delete", { $0.remove("s") }),
      ("new events", { $0.write("a", "b", to: "s") }),
      ("other metadata", { $0.setMetadata(#"{"$maxCount":2}"#, of: "s") }),
      ("soft delete again", { $0.remove("s") }),
      ("metadata that end the soft delete", { $0.setMetadata(#"{"n":2}"#, of: "s") }),
      ("events", { $0.write("c", to: "s") }),
    ]
    for (name, step) in steps {
      step(bench.log)
      try await bench.archive()
      let report = try await bench.run()
      #expect(report.outcome == .finished, "after \(name)")
      try await bench.expectWhole()
      let count = bench.target.eventCount
      #expect(try await bench.run().outcome == .finished, "after \(name), repeated")
      #expect(bench.target.eventCount == count, "after \(name), repeated")
    }
  }

  @Test("Metadata of a stream without events are restored")
  func onlyMetadata() async throws {
    let bench = RestoreBench()
    bench.log.setMetadata(#"{"own":1}"#, of: "s")
    try await bench.archive()
    let report = try await bench.run()
    #expect(report.outcome == .finished && report.metadata.written == 1)
    try await bench.expectWhole()
    #expect(try await bench.run().metadata.alreadyThere == 1)
    #expect(bench.target.eventCount == 1)
  }

  @Test("A repeat finds soft-deleted streams all there, also those with a single event")
  func softDeletedThere() async throws {
    let bench = RestoreBench()
    bench.log.write("one", to: "single")
    bench.log.write("one", "two", to: "double")
    for stream: StreamName in ["single", "double"] { bench.log.remove(stream) }
    try await bench.archive()
    #expect(try await bench.run().streams.created == 2)
    let repeated = try await bench.run()
    #expect(repeated.outcome == .finished && repeated.streams.alreadyThere == 2)
    #expect(repeated.events.appended == 0 && repeated.events.alreadyThere == 5)
  }
}
