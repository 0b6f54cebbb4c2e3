import EventArchive
import EventStoreCore
import EventStoreServer
import Replication
import Testing

@Suite("Tombstones", .timeLimit(.minutes(2)))
struct TombstoneTests {
  /// A stream that lives, and three that are deleted for ever: with events, with metadata, and with nothing left.
  private func bench() async throws -> RestoreBench {
    var bench = RestoreBench()
    bench.configuration.tombstones = true
    bench.log.write("a", "b", to: "alive")
    bench.log.write("a", "b", "c", to: "dead")
    bench.log.remove("dead", hard: true)
    bench.log.write("a", to: "described")
    bench.log.setMetadata(#"{"own":1}"#, of: "described")
    bench.log.remove("described", hard: true)
    bench.log.write("last", to: "alive")
    bench.log.remove("empty", hard: true)
    try await bench.archive()
    return bench
  }

  private func isDeleted(_ stream: StreamName, in log: EventLog) async throws -> Bool {
    try await LogConnection(log).readStream(stream, .backward, from: .streamEnd, maximumCount: 1, resolveLinks: false)
      .status == .deleted
  }

  @Test(
    "Hard-deleted streams are written and hard-deleted, last of all; a repeat says that they are", arguments: [1, 8])
  func writes(inFlight: Int) async throws {
    var bench = try await bench()
    bench.configuration.inFlight = inFlight
    let report = try await bench.runTwice()
    #expect(report.outcome == .finished && report.events.tombstonesWritten == 3)
    #expect(report.events.appended == 7 && report.streams.hardDeletedLeftOut == 0)
    for stream in ["dead", "described", "empty"] as [StreamName] {
      #expect(try await isDeleted(stream, in: bench.target), "\(stream)")
    }
    let all = try await Samples.all(of: bench.target)
    #expect(all.suffix(3).allSatisfy { $0.type == .tombstone } && all.count == 10)
    let ids = try bench.archivedIDs("dead")
    #expect(all.filter { $0.stream == "dead" && $0.type != .tombstone }.map(\.id) == ids)

    let again = try await bench.expectRepeat()
    #expect(again.events.tombstonesAlreadyThere == 3 && again.events.ofDeletedStreams == 4)
    #expect(again.streams.alreadyThere == 3 && again.streams.conflicts == 0)
  }

  @Test("Without being asked for, streams that are deleted for ever are left out")
  func notAsked() async throws {
    var bench = try await bench()
    bench.configuration.tombstones = false
    let report = try await bench.runTwice()
    #expect(report.outcome == .finished && report.streams.hardDeletedLeftOut == 3)
    #expect(report.events.tombstonesLeftOut == 3 && report.events.leftOut == 5)
    #expect(try await Samples.all(of: bench.target).map(\.stream) == ["alive", "alive", "alive"])
  }

  @Test("A stream named by the user comes alive; with tombstones it is deleted again")
  func named() async throws {
    var bench = try await bench()
    bench.configuration.streams = ["dead", "described"]
    bench.configuration.tombstones = false
    #expect(try await bench.runTwice().events.tombstonesLeftOut == 2)
    #expect(try await bench.readable("dead") == [0, 1, 2])
    #expect(try await bench.texts("$$described") == [#"{"own":1}"#])
    bench.configuration.tombstones = true
    let report = try await bench.runTwice()
    #expect(report.outcome == .finished && report.events.tombstonesWritten == 2 && report.events.alreadyThere == 4)
    #expect(try await isDeleted("dead", in: bench.target))
    try await bench.expectRepeat()
  }

  @Test("A stream that grew on the target is not deleted", arguments: [true, false])
  func grew(isWhole: Bool) async throws {
    let bench = try await bench()
    if isWhole {
      let events = try bench.archived.filter { $0.stream == "dead" && $0.type != .tombstone }
      bench.target.write(events.map { ProposedEvent($0) }, to: "dead")
    } else {
      bench.target.write("somebody's", to: "empty")
    }
    let stream: StreamName = isWhole ? "dead" : "empty"
    if isWhole { bench.target.write("new", to: stream) }
    let report = try await bench.runTwice()
    #expect(report.outcome == .conflict && report.events.tombstonesWritten == 2 && report.events.notWritten == 1)
    #expect(report.issues.map(\.stream) == [stream.description])
    #expect(report.issues.first?.detail.contains("events that the archive has not") == true)
    #expect(try await isDeleted(stream, in: bench.target) == false)
    try await bench.expectRepeat(.conflict)
  }

  @Test("A stream with something else on the target is not deleted")
  func conflict() async throws {
    let bench = try await bench()
    bench.target.write("x", "y", "z", to: "dead")
    let report = try await bench.runTwice()
    #expect(report.outcome == .conflict && report.events.tombstonesWritten == 2)
    #expect(try await bench.texts("dead") == ["x", "y", "z"])
    #expect(try await isDeleted("dead", in: bench.target) == false)
  }

  @Test("A soft-deleted stream with another only event is not deleted for ever")
  func softDeletedOther() async throws {
    let bench = try await bench()
    bench.target.write("other", to: "described")
    bench.target.remove("described")
    let report = try await bench.run()
    #expect(report.outcome == .conflict && report.events.tombstonesWritten == 2, "\(report)")
    #expect(try await isDeleted("described", in: bench.target) == false)
    try bench.expectAllCounted(report)
  }

  @Test("A soft-deleted stream with the archived only event is")
  func softDeletedSame() async throws {
    let bench = try await bench()
    let event = try #require(try bench.archived.first { $0.stream == "described" })
    bench.target.write([ProposedEvent(event)], to: "described")
    bench.target.remove("described")
    let report = try await bench.run()
    #expect(report.outcome == .finished && report.events.tombstonesWritten == 3, "\(report)")
    #expect(try await isDeleted("described", in: bench.target))
    try await bench.expectRepeat()
  }

  @Test("A stream whose numbers would change is neither written nor deleted")
  func refused() async throws {
    var bench = RestoreBench()
    bench.configuration.tombstones = true
    var script = EventScript()
    script.add("late", 3, 4, .deleted)
    var events = script.events
    events[2].type = .tombstone
    try await bench.archive(events)
    let report = try await bench.runTwice()
    #expect(report.outcome == .incomplete && report.streams.refused == 1 && report.events.notWritten == 3)
    #expect(bench.target.eventCount == 0)
    bench.configuration.numbers = .renumber
    #expect(try await bench.runTwice().events.tombstonesWritten == 1)
    try await bench.expectRepeat()
  }

  @Test("A delete whose reply is lost is done once")
  func lostReply() async throws {
    let bench = try await bench()
    let target = LogConnection(bench.target)
    target.plan(.loseReply, on: .delete)
    let report = try await bench.run(to: target)
    #expect(report.outcome == .finished && target.faultHits == 1 && !target.hasPendingFaults)
    #expect(report.events.tombstonesWritten + report.events.tombstonesAlreadyThere == 3)
    #expect(try await Samples.all(of: bench.target).count { $0.type == .tombstone } == 3)
  }

  @Test("A stream deleted for ever on the target, which the archive shows alive, stays a conflict")
  func deletedThere() async throws {
    let bench = try await bench()
    bench.target.remove("alive", hard: true)
    let report = try await bench.runTwice()
    #expect(report.outcome == .conflict && report.issues.map(\.kind) == [.hardDeletedOnTarget])
  }

  @Test("With new names the renamed stream is deleted, and no other")
  func renamed() async throws {
    var bench = try await bench()
    bench.configuration.renames = [StreamRename(prefix: "de", replacement: "x-")]
    bench.target.write("somebody's", to: "dead")
    #expect(try await bench.runTwice().events.tombstonesWritten == 3)
    #expect(try await isDeleted("x-ad", in: bench.target))
    #expect(try await isDeleted("x-scribed", in: bench.target))
    #expect(try await bench.texts("dead") == ["somebody's"])
    try await bench.expectRepeat()
  }
}
