import EventArchive
import EventStoreCore
import EventStoreServer
import Replication
import Testing

@Suite(.timeLimit(.minutes(2))) struct RestoreTests {
  /// Three streams with metadata, of which one has more than one append.
  private func bench() async throws -> RestoreBench {
    let bench = RestoreBench()
    bench.log.write(Samples.events(0..<17), to: "s")
    bench.log.write("a", to: "t")
    bench.log.setMetadata(#"{"own":"key"}"#, of: "s")
    bench.log.write("b", "c", to: "ü €")
    try await bench.archive()
    return bench
  }

  @Test(
    "An empty target gets every stream as it was: numbers, ids, types, flags, data and metadata", arguments: [1, 2, 64])
  func everything(inFlight: Int) async throws {
    var bench = RestoreBench()
    bench.configuration.inFlight = inFlight
    bench.log.fill(with: DemoEvents(count: 500))
    try await bench.archive()
    let archived = try bench.archived
    let hardDeleted = Set(archived.filter { $0.type == .tombstone }.map(\.stream))
    let streams = Set(archived.map(\.stream).filter { !$0.isMetadataStream }).subtracting(hardDeleted)

    let report = try await bench.run()
    try await bench.expectWhole(without: hardDeleted)
    #expect(report.outcome == .finished && report.issues.isEmpty && report.issueCount == 0)
    #expect(report.streams.created == streams.count)
    #expect(report.streams.hardDeletedLeftOut == hardDeleted.count && !hardDeleted.isEmpty)
    #expect(report.order == (inFlight == 1 ? .global : .stream) && !report.isDryRun)
    #expect(report.events.appended == bench.target.eventCount)
    #expect(report.metadata.written > 0 && report.events.supersededMetadata > 0)
    expectEveryEventCounted(report, archived.count)
    let all = try await Samples.all(of: bench.target)
    #expect(report.payloadBytes == all.reduce(0) { $0 + $1.data.count + $1.metadata.count })
  }

  /// Expects that each event of the archive is counted once.
  private func expectEveryEventCounted(
    _ report: RestoreReport, _ count: Int, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let events = report.events
    let counted = [
      events.appended, events.alreadyThere, events.unproven, events.rejected, events.notWritten,
      events.supersededMetadata, events.tombstonesLeftOut, events.leftOut,
    ]
    #expect(counted.reduce(0, +) == count, "\(events)", sourceLocation: sourceLocation)
  }

  @Test("A repeat writes nothing, and says that everything is there", arguments: [1, 64])
  func repeated(inFlight: Int) async throws {
    var bench = RestoreBench()
    bench.configuration.inFlight = inFlight
    bench.log.fill(with: DemoEvents(count: 500))
    try await bench.archive()
    let first = try await bench.run()
    let before = try await Samples.all(of: bench.target, includeSystem: true)
    let second = try await bench.run()
    Samples.expectEqual(try await Samples.all(of: bench.target, includeSystem: true), before)
    #expect(second.outcome == .finished && second.issues.isEmpty)
    #expect(second.events.appended == 0 && second.events.alreadyThere == first.events.appended)
    #expect(second.streams.created == 0 && second.streams.alreadyThere == first.streams.created)
    #expect(second.metadata.written == 0 && second.metadata.alreadyThere == first.metadata.written)
    #expect(second.payloadBytes == 0)
    expectEveryEventCounted(second, try bench.archived.count)
  }

  @Test("An archive restored into its own source changes nothing")
  func ownSource() async throws {
    var bench = RestoreBench()
    bench.log.fill(with: DemoEvents(count: 300))
    try await bench.archive()
    bench.target = bench.log
    let count = bench.log.eventCount
    let report = try await bench.run()
    #expect(bench.log.eventCount == count)
    #expect(report.events.appended == 0 && report.metadata.written == 0)
    #expect(report.outcome == .finished && report.issues.isEmpty)
  }

  @Test("Payloads that hurt come back bit for bit")
  func payloads() async throws {
    let bench = RestoreBench()
    let payloads: [Bytes] = [
      "", "{ \"pretty\":\n  1 }", "{\"a\":1,\"a\":2}", Bytes([0xFF, 0, 0xC3]), "\u{FEFF}{}",
      "123456789012345678901234567890",
      "\"\\ud800\"", Bytes([UInt8](repeating: 7, count: 70_000)),
    ]
    for (index, data) in payloads.enumerated() {
      for isJSON in [true, false] {
        bench.log.write(
          [
            ProposedEvent(
              type: EventType("typ \(index) ü"), isJSON: isJSON, data: data,
              metadata: payloads[(index + 3) % payloads.count])
          ], to: StreamName("stream \(index % 3)\u{0} /ü"))
      }
    }
    try await bench.archive()
    #expect(try await bench.run().outcome == .finished)
    try await bench.expectWhole()
  }

  @Test("Two events with the same id in one stream are both kept, also when repeated", arguments: [1, 2, 5])
  func sameID(maximumAppendEvents: Int) async throws {
    var bench = RestoreBench()
    bench.configuration.maximumAppendEvents = maximumAppendEvents
    for group in [[1, 1, 2], [2, 1, 3], [1, 1, 1]] as [[UInt64]] {
      // With an exact version the log takes an id that it knows.
      let last = try await LogConnection(bench.log).readStream(
        "s", .backward, from: .streamEnd, maximumCount: 1, resolveLinks: false
      ).lastEventNumber
      let events = group.enumerated().map { Samples.event("\($0.offset)", id: id($0.element)) }
      let expected = ExpectedVersion(after: last < 0 ? nil : last)
      #expect(bench.log.append(events, to: "s", expected: expected, by: .system).isWritten)
    }
    try await bench.archive()
    #expect(try await bench.run().outcome == .finished)
    try await bench.expectWhole()
    let count = bench.target.eventCount
    #expect(try await bench.run().events.appended == 0)
    #expect(bench.target.eventCount == count)
  }

  @Test("Only named streams and their metadata are restored, also system streams; one that is missing is reported")
  func named() async throws {
    var bench = RestoreBench()
    bench.source.scope = .all(includeSystem: true)
    bench.log.write(Samples.events(0..<12), to: "s")
    bench.log.setMetadata(#"{"own":"key"}"#, of: "s")
    bench.log.write("a", to: "t")
    bench.log.write("b", to: "$system")
    try await bench.archive()
    bench.configuration.streams = ["s", "$system", "missing"]
    let report = try await bench.run()
    #expect(try await bench.restored("s").count == 12)
    #expect(try await bench.restored("$$s").count == 1)
    #expect(try await bench.restored("$system").count == 1)
    #expect(bench.target.eventCount == 14)
    #expect(report.outcome == .incomplete && report.streams.missing == 1 && report.streams.created == 2)
    #expect(report.issues.map(\.kind) == [.missing] && report.issues.map(\.stream) == ["missing"])
  }

  @Test("System streams are left out and counted unless they are included")
  func systemStreams() async throws {
    var bench = RestoreBench()
    bench.source.scope = .all(includeSystem: true)
    bench.log.write("a", to: "s")
    bench.log.setMetadata(#"{"own":"key"}"#, of: "s")
    bench.log.write("b", "c", to: "$system")
    bench.log.setMetadata(#"{"$maxCount":7}"#, of: "$system")
    bench.log.write("d", to: "$other")
    try await bench.archive()
    let report = try await bench.run()
    #expect(report.outcome == .finished)
    #expect(report.streams.systemLeftOut == 2 && report.streams.created == 1)
    #expect(report.events.leftOut == 4 && report.events.appended == 2)
    #expect(Set(try await Samples.all(of: bench.target, includeSystem: true).map(\.stream)) == ["s", "$$s"])
    expectEveryEventCounted(report, 6)

    bench.configuration.includeSystem = true
    #expect(try await bench.run().streams.systemLeftOut == 0)
    try await bench.expectWhole()
  }

  @Test("A hard-deleted stream is left out and counted, and comes back alive when it is named")
  func hardDeleted() async throws {
    var bench = RestoreBench()
    bench.log.write("a", "b", to: "gone")
    bench.log.write("c", to: "s")
    bench.log.remove("gone", hard: true)
    try await bench.archive()
    let report = try await bench.run()
    #expect(report.outcome == .finished && report.streams.hardDeletedLeftOut == 1 && report.streams.created == 1)
    #expect(report.events.leftOut == 2 && report.events.tombstonesLeftOut == 1 && report.events.appended == 1)
    #expect(bench.target.eventCount == 1)

    bench.configuration.streams = ["gone"]
    let named = try await bench.run()
    #expect(named.outcome == .finished && named.streams.created == 1 && named.events.tombstonesLeftOut == 1)
    #expect(try await Samples.events(of: "gone", in: bench.target).map(\.data) == ["a", "b"])
    #expect(bench.target.eventCount == 3)
  }

  @Test("Links are written as links; those that lead nowhere are counted, and written all the same")
  func links() async throws {
    var bench = RestoreBench()
    bench.log.write("a", "b", to: "s")
    bench.log.write("c", to: "gone")
    for target in ["0@s", "1@s", "2@s", "0@gone", "0@never", "nonsense"] {
      bench.log.write([ProposedEvent(type: .link, isJSON: false, data: Bytes(target))], to: "links")
    }
    bench.log.remove("gone", hard: true)
    try await bench.archive()
    let report = try await bench.run()
    try await bench.expectWhole(without: ["gone"])
    #expect(report.events.danglingLinks == 3)
    #expect(try await bench.restored("links").allSatisfy { $0.isLink })

    bench.target = EventLog()
    bench.configuration.streams = ["links"]
    #expect(try await bench.run().events.danglingLinks == 5)
    #expect(try await bench.restored("links").count == 6)
  }

  @Test("Appends keep to the limits of the target and of the settings")
  func limits() async throws {
    var bench = RestoreBench()
    bench.configuration.maximumAppendEvents = 6
    bench.configuration.maximumAppendBytes = 700
    bench.log.write((0..<60).map { Samples.event(String(repeating: "x", count: $0 * 10)) }, to: "s")
    try await bench.archive()
    let sizes = Locked<[(events: Int, bytes: Int)]>([])
    let limits = WriteLimits(maximumEventBytes: 5000, maximumAppendBytes: 900, maximumAppendEvents: 4)
    let target = HookedStore(LogConnection(bench.target, limits: limits)) { call in
      guard case .append(let events, _, _) = call else { return }
      let bytes = events.reduce(0) { $0 + $1.data.count + $1.metadata.count }
      sizes.withLock { $0.append((events.count, bytes)) }
    }
    #expect(try await bench.run(to: target).outcome == .finished)
    try await bench.expectWhole()
    let seen = sizes.withLock { $0 }
    #expect(seen.allSatisfy { $0.events <= 4 && ($0.events == 1 || $0.bytes <= 700) })
    #expect(seen.contains { $0.events > 1 })
  }

  @Test("Progress never goes back, and ends with everything handled")
  func progress() async throws {
    let bench = try await bench()
    let seen = Locked<[RestoreProgress]>([])
    let report = try await bench.run { progress in seen.withLock { $0.append(progress) } }
    let all = seen.withLock { $0 }
    #expect(all.first?.phase == .planning && all.last?.phase == .restoring)
    #expect(zip(all, all.dropFirst()).allSatisfy { $0.events <= $1.events && $0.eventsAppended <= $1.eventsAppended })
    #expect(all.last?.fraction == 1)
    #expect(all.last?.eventsAppended == report.events.appended)
  }

  @Test("Settings that make no sense are refused, and nothing is written")
  func invalid() async throws {
    var bench = try await bench()
    bench.configuration.streams = []
    let error = await #expect(throws: ReplicationError.self) { try await bench.run() }
    #expect(error?.code == .invalidArgument)
    #expect(bench.target.eventCount == 0)
  }

  @Test("An empty archive is restored in no time")
  func emptyArchive() async throws {
    let bench = RestoreBench()
    try await bench.archive()
    let report = try await bench.run()
    #expect(report.outcome == .finished && report.events == RestoreReport.Events())
    #expect(bench.target.eventCount == 0)
  }

  @Test("A damaged archive ends the run before anything of the damaged segment is written")
  func damaged() async throws {
    let bench = try await bench()
    let path = try #require(try ArchiveReader(storage: bench.source.storage).segments.first?.file)
    bench.source.storage.flipBit(in: path, at: 100)
    let error = await #expect(throws: ArchiveError.self) { try await bench.run() }
    #expect(error?.code == .damaged)
    #expect(bench.target.eventCount == 0)
  }
}
