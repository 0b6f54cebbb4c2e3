import EventArchive
import EventStoreCore
import EventStoreServer
import Replication
import Testing

@Suite("Which stream metadata are written", .timeLimit(.minutes(2)))
struct MetadataModeTests {
  /// A stream with these versions of its metadata, one after the other, and events between them.
  private func bench(_ mode: RestoreMetadata, _ versions: String...) async throws -> RestoreBench {
    var bench = RestoreBench()
    bench.configuration.metadata = mode
    for (index, version) in versions.enumerated() {
      bench.log.setMetadata(version, of: "s")
      bench.log.write(Samples.events(index * 2..<index * 2 + 2), to: "s")
    }
    try await bench.archive()
    return bench
  }

  private func expectHistory(_ bench: RestoreBench, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let wanted = try bench.archived.filter { $0.stream == "$$s" }.map { Content.Event($0) }
    let actual = try await bench.restored("$$s").map { Content.Event($0) }
    #expect(actual == wanted, sourceLocation: sourceLocation)
  }

  @Test("The history is all versions with their ids and numbers, after the events", arguments: [1, 2, 3, 500])
  func history(maximumAppendEvents: Int) async throws {
    var bench = try await bench(.history, #"{"n":0}"#, #"{"$maxCount":1}"#, "no json", "{ \"n\" : 3 }")
    bench.configuration.maximumAppendEvents = maximumAppendEvents
    let report = try await bench.runTwice()
    #expect(report.outcome == .finished && report.metadata.written == 1)
    #expect(report.events.appended == 12 && report.events.supersededMetadata == 0)
    try await expectHistory(bench)
    try await bench.expectWhole()
    let last = try await Samples.all(of: bench.target).suffix(4)
    #expect(last.allSatisfy { $0.stream == "$$s" })
    let again = try await bench.expectRepeat()
    #expect(again.metadata.alreadyThere == 1)
  }

  @Test("A history with deletes in it stays what it was, whatever fits into an append", arguments: [1, 2, 3, 500])
  func historyOfDeletes(maximumAppendEvents: Int) async throws {
    var bench = RestoreBench()
    bench.configuration.metadata = .history
    bench.configuration.maximumAppendEvents = maximumAppendEvents
    for round in 0..<3 {
      bench.log.setMetadata("{\"round\":\(round)}", of: "s")
      bench.log.write(Samples.events(round * 3..<round * 3 + 3), to: "s")
      bench.log.remove("s")
      bench.log.remove("s")
    }
    bench.log.write("alive again", to: "s")
    try await bench.archive()
    let report = try await bench.runTwice()
    #expect(report.outcome == .finished)
    try await expectHistory(bench)
    let (source, target) = (
      try await Samples.events(of: "s", in: bench.log), try await Samples.events(of: "s", in: bench.target)
    )
    #expect(Content(target) == Content(source) && !source.isEmpty)
    try await bench.expectRepeat()
  }

  @Test("A long history comes whole, also when it breaks off in the middle")
  func longHistory() async throws {
    var bench = RestoreBench()
    bench.configuration.metadata = .history
    bench.configuration.maximumAppendEvents = 50
    bench.log.write("a", to: "s")
    for number in 0..<3000 { bench.log.setMetadata("{\"number\":\(number)}", of: "s") }
    try await bench.archive()
    let target = LogConnection(bench.target)
    target.plan(.failAfter(Samples.late), on: .append, skipping: 10)
    target.plan(.refuse(EventStoreError(.notAuthenticated, "who are you")), on: .append, skipping: 30)
    await #expect(throws: EventStoreError.self) { try await bench.run(to: target) }
    #expect(target.faultHits == 2 && !target.hasPendingFaults)
    let count = try await bench.restored("$$s").count
    #expect(count > 0 && count < 3000)
    #expect(try await bench.run(to: target).outcome == .finished)
    try await expectHistory(bench)
    try await bench.expectRepeat()
  }

  @Test("A history that broke off at a version that says what the last one says goes on there")
  func sameData() async throws {
    let bench = try await bench(.history, #"{"n":0}"#, #"{"n":1}"#, #"{"n":0}"#)
    let first = try #require(try bench.archived.first { $0.stream == "$$s" })
    bench.target.write([ProposedEvent(first)], to: "$$s")
    #expect(try await bench.runTwice().outcome == .finished)
    try await expectHistory(bench)
  }

  @Test("A history goes on where an older archive ended, also at a soft delete")
  func continuedHistory() async throws {
    let bench = try await bench(.history, #"{"n":0}"#)
    bench.log.remove("s")
    try await bench.archive()
    #expect(try await bench.run().outcome == .finished)
    try await expectHistory(bench)
    bench.log.write("again", to: "s")
    bench.log.setMetadata(#"{"$tb":2,"n":1}"#, of: "s")
    try await bench.archive()
    let report = try await bench.run()
    #expect(report.outcome == .finished, "\(report.issues)")
    #expect(try await bench.texts("$$s").last == #"{"$tb":2,"n":1}"#)
    let (source, target) = (
      try await Samples.events(of: "s", in: bench.log), try await Samples.events(of: "s", in: bench.target)
    )
    #expect(Content(target) == Content(source) && !source.isEmpty)
    try await bench.expectRepeat()
  }

  @Test("None writes no metadata, counts them, and leaves the target's alone")
  func none() async throws {
    let bench = try await bench(.none, #"{"n":0}"#, #"{"$maxCount":1}"#)
    bench.target.setMetadata(#"{"own":1}"#, of: "s")
    let report = try await bench.runTwice()
    #expect(report.outcome == .finished && report.events.leftOut == 2 && report.events.appended == 4)
    #expect(report.metadata == RestoreReport.Metadata())
    #expect(try await bench.texts("$$s") == [#"{"own":1}"#])
    #expect(try await bench.readable("s") == [0, 1, 2, 3])
    try await bench.expectRepeat()
  }

  @Test("Final after history, history after final: the last state is there, and nothing is written")
  func otherMode() async throws {
    for (first, second) in [(RestoreMetadata.history, RestoreMetadata.final), (.final, .history)] {
      var bench = try await bench(first, #"{"n":0}"#, #"{"n":1}"#)
      #expect(try await bench.run().outcome == .finished)
      bench.configuration.metadata = second
      try await bench.expectRepeat()
    }
  }

  // MARK: Undelete

  private func deleted(_ metadata: String?) async throws -> RestoreBench {
    let bench = RestoreBench()
    if let metadata { bench.log.setMetadata(metadata, of: "s") }
    bench.log.write("a", "b", "c", to: "s")
    bench.log.remove("s")
    try await bench.archive()
    return bench
  }

  @Test(
    "A soft-deleted stream comes back as it was before",
    arguments: [nil, #"{"own":1}"#, #"{"$tb":1}"#], [RestoreMetadata.final, .history])
  func undelete(metadata: String?, mode: RestoreMetadata) async throws {
    var bench = try await deleted(metadata)
    bench.configuration.undeletes = true
    bench.configuration.metadata = mode
    let report = try await bench.runTwice()
    #expect(report.outcome == .finished)
    #expect(try await bench.readable("s") == (metadata == #"{"$tb":1}"# ? [1, 2] : [0, 1, 2]))
    #expect(try await bench.texts("$$s") == [metadata].compactMap(\.self))
    try await bench.expectRepeat()
  }

  @Test(
    "So it does on a target to which the delete was restored",
    arguments: [nil, #"{"own":1}"#, #"{"$tb":1}"#], [RestoreMetadata.final, .history])
  func undeleteLater(metadata: String?, mode: RestoreMetadata) async throws {
    var bench = try await deleted(metadata)
    bench.configuration.metadata = mode
    #expect(try await bench.run().outcome == .finished)
    #expect(try await bench.readable("s") == [])
    try await bench.expectRepeat()
    bench.configuration.undeletes = true
    // A dry run cannot read what is hidden now.
    let report = try await bench.run()
    #expect(report.outcome == .finished && report.events.unproven == 0, "\(report.issues)")
    try bench.expectAllCounted(report)
    #expect(try await bench.readable("s") == (metadata == #"{"$tb":1}"# ? [1, 2] : [0, 1, 2]))
    try await bench.expectRepeat()
  }

  @Test("Deletes of which a stream came back stay as they are: only the archive's end counts")
  func undeleteOld() async throws {
    var bench = try await deleted(#"{"own":1}"#)
    bench.log.write("d", to: "s")
    try await bench.archive()
    bench.configuration.undeletes = true
    #expect(try await bench.runTwice().outcome == .finished)
    #expect(try await bench.readable("s") == [3])
    try await bench.expectRepeat()
  }
}
