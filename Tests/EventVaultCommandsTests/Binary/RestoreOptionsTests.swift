import EventArchive
import EventStoreCore
import EventStoreServer
import Foundation
import Testing

@Suite("The built binary: options of restore")
struct RestoreOptionsTests {
  /// What a run of the tool left behind.
  private struct Restored {
    var status: Int32
    var report: [String: Any]
    var errors: String

    func count(_ name: String, _ group: String = "events") throws -> Int {
      try #require((report[group] as? [String: Int])?[name])
    }
  }

  /// A source that one test fills, its archive `a`, and a target.
  private struct Bench {
    let scratch: Scratch
    let source: EmbeddedServer
    let target: EmbeddedServer

    func write(_ stream: StreamName, _ texts: String..., type: EventType = "T") {
      let events = texts.map { ProposedEvent(type: type, isJSON: false, data: Bytes($0)) }
      _ = source.log.append(events, to: stream, expected: .any, by: .system)
    }

    func backup(_ options: String...) async throws {
      let run = try await BinaryRun.run(["backup", "--source", source.url, "--archive", scratch.path("a")] + options)
      #expect(run.status == 0, "\(run.errors)")
    }

    func restore(_ options: String...) async throws -> Restored { try await restore(options) }

    func restore(_ options: [String]) async throws -> Restored {
      let run = try await BinaryRun.run(
        ["restore", "--archive", scratch.path("a"), "--target", target.url, "--json"] + options)
      return Restored(status: run.status, report: try run.objects.last ?? [:], errors: run.errors)
    }

    func texts(_ stream: StreamName) async throws -> [String] {
      try await target.log.content()[stream]?.events.map { String(decoding: $0.data, as: UTF8.self) } ?? []
    }

    func metadata(_ stream: StreamName) async throws -> String? {
      try await target.log.content()[stream]?.metadata.map { String(decoding: $0.data, as: UTF8.self) }
    }

    /// The lines of a file, each a JSON object.
    func lines(_ path: String) throws -> [[String: Any]] {
      try String(decoding: Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self).split(separator: "\n").map {
        try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
      }
    }
  }

  private func withBench(_ body: (Bench) async throws -> Void) async throws {
    let scratch = try Scratch()
    try await withServers { try await body(Bench(scratch: scratch, source: $0, target: $1)) }
  }

  @Test("`--numbers renumber` closes holes, links follow, and the map file says what moved")
  func renumber() async throws {
    try await withBench { bench in
      bench.write("s", "0", "1")
      bench.write("s", "2", type: "Noise")
      bench.write("s", "3")
      bench.write("links", "3@s", type: "$>")
      try await bench.backup()
      let options = ["--exclude-type", "Noise", "--numbers", "renumber"]
      let plan = try await bench.restore(options + ["--dry-run"])
      #expect(plan.status == 0 && plan.report["mapFile"] == nil)
      #expect(try plan.count("moved") == 1)
      let map = bench.scratch.path("map")
      let run = try await bench.restore(options + ["--map", map])
      #expect(run.status == 0 && run.report["mapFile"] as? String == map, "\(run.errors)")
      #expect(try run.count("moved") == 1)
      #expect(try await bench.texts("s") == ["0", "1", "3"])
      #expect(try await bench.texts("links") == ["2@s"])
      let line = try #require(try bench.lines(map).first)
      #expect(line["stream"] as? String == "s" && line["targetStream"] as? String == "s")
      #expect([line["first"], line["last"], line["targetFirst"]].map { $0 as? Int } == [3, 3, 2])
      #expect(try bench.lines(map).count == 1)
      // The file is never replaced, and by default it is beside the archive.
      let refused = try await bench.restore(options + ["--map", map])
      #expect(refused.status == 64 && refused.errors.contains("--map"), "\(refused.errors)")
      let again = try await bench.restore(options)
      #expect(try again.status == 0 && again.count("appended") == 0)
      #expect((again.report["mapFile"] as? String)?.hasPrefix(bench.scratch.path("a.map-")) == true)
    }
  }

  @Test("`--numbers preserve` fills holes up to `--maximum-fillers`; strict refuses them with 3")
  func preserve() async throws {
    try await withBench { bench in
      bench.write("s", "0", "1", "2", type: "Noise")
      bench.write("s", "3")
      try await bench.backup("--exclude-type", "Noise")
      let strict = try await bench.restore()
      #expect(try strict.status == 3 && strict.count("refused", "streams") == 1)
      let capped = try await bench.restore("--numbers", "preserve", "--maximum-fillers", "2")
      #expect(capped.status == 3, "\(capped.errors)")
      #expect(try await bench.texts("s") == [])
      let run = try await bench.restore("--numbers", "preserve", "--maximum-fillers", "3")
      #expect(try run.status == 0 && run.count("fillers") == 3)
      #expect(try await bench.texts("s") == ["{}", "{}", "{}", "3"])
      #expect(try await bench.metadata("s") == #"{"$tb":3}"#)
      let again = try await bench.restore("--numbers", "preserve")
      #expect(try again.status == 0 && again.count("fillers") == 0)
    }
  }

  @Test("`--numbers preserve` puts a filler in the place of an event that goes to `--rejects`")
  func rejects() async throws {
    try await withBench { bench in
      let anything = WriteLimits(maximumEventBytes: .max, maximumAppendBytes: .max, maximumAppendEvents: 1000)
      let writer = LogConnection(bench.source.log, limits: anything)
      for text in ["0", String(repeating: "x", count: 17 << 20), "2"] {
        let event = ProposedEvent(type: "T", isJSON: false, data: Bytes(text))
        _ = try await writer.append([event], to: "s", expected: .any)
      }
      try await bench.backup()
      let file = bench.scratch.path("rejects")
      let run = try await bench.restore("--numbers", "preserve", "--rejects", file)
      #expect(run.status == 3 && run.report["rejectsFile"] as? String == file, "\(run.errors)")
      #expect(try await bench.texts("s") == ["0", "{}", "2"])
      let rejected = try bench.lines(file).map { ($0["event"] as? [String: Any])?["number"] as? Int }
      #expect(rejected == [1])
      let other = try await bench.restore("--numbers", "preserve")
      #expect(try other.status == 3 && other.count("rejected") == 1 && other.count("fillers") == 0)
    }
  }

  @Test("`--order global` keeps the order of all events, and the report says so")
  func order() async throws {
    try await withBench { bench in
      for number in 0..<60 { bench.write(StreamName("s\(number % 7)"), "\(number)") }
      try await bench.backup()
      let run = try await bench.restore("--order", "global", "--in-flight", "64")
      #expect(run.status == 0 && run.report["order"] as? String == "global", "\(run.errors)")
      let page = try await LogConnection(bench.target.log).readAll(
        .forward, from: .start, maximumCount: 1000, resolveLinks: false)
      let texts = page.events.compactMap(\.received).filter { $0.type == "T" }
        .map { String(decoding: $0.data, as: UTF8.self) }
      #expect(texts == (0..<60).map(String.init))
    }
  }

  @Test("`--on-conflict skip` makes a conflict 3 instead of 15")
  func conflict() async throws {
    try await withBench { bench in
      bench.write("s", "0")
      bench.write("t", "0")
      try await bench.backup()
      _ = bench.target.log.append(
        [ProposedEvent(type: "T", isJSON: false, data: "other")], to: "s", expected: .any, by: .system)
      #expect(try await bench.restore("--on-conflict", "fail").status == 15)
      let run = try await bench.restore("--on-conflict", "skip")
      #expect(try run.status == 3 && run.count("conflicts", "streams") == 1)
      #expect(run.report["outcome"] as? String == "incomplete")
      #expect(try await bench.texts("s") == ["other"])
      #expect(try await bench.texts("t") == ["0"])
    }
  }

  @Test("`--metadata` chooses none, the last or all", arguments: [("none", 0), ("final", 1), ("history", 2)])
  func metadata(mode: String, count: Int) async throws {
    try await withBench { bench in
      bench.write("s", "0")
      for text in [#"{"n":0}"#, #"{"n":1}"#] { bench.write("$$s", text, type: "$metadata") }
      try await bench.backup()
      #expect(try await bench.restore("--metadata", mode).status == 0)
      // A metadata stream shows only its last event; all of them are in `$all`.
      let page = try await LogConnection(bench.target.log).readAll(
        .forward, from: .start, maximumCount: 1000, resolveLinks: false)
      #expect(page.events.compactMap(\.received).count { $0.stream == "$$s" } == count)
      #expect(try await bench.metadata("s") == (count == 0 ? nil : #"{"n":1}"#))
    }
  }

  @Test("`--undelete` brings a soft-deleted stream back")
  func undelete() async throws {
    try await withBench { bench in
      bench.write("s", "0")
      bench.write("$$s", #"{"n":0}"#, type: "$metadata")
      _ = bench.source.log.delete("s", expected: .any, hard: false, by: .system)
      try await bench.backup()
      #expect(try await bench.restore().status == 0)
      #expect(try await bench.target.log.content()["s"]?.isSoftDeleted == true)
      #expect(try await bench.restore("--undelete").status == 0)
      #expect(try await bench.target.log.content()["s"]?.isSoftDeleted == false)
      #expect(try await bench.metadata("s") == #"{"n":0}"#)
    }
  }

  @Test("`--tombstones` hard-deletes, and says on a repeat that it is done")
  func tombstones() async throws {
    try await withBench { bench in
      bench.write("s", "0")
      _ = bench.source.log.delete("s", expected: .any, hard: true, by: .system)
      try await bench.backup()
      #expect(try await bench.restore().count("hardDeletedLeftOut", "streams") == 1)
      let plan = try await bench.restore("--tombstones", "--dry-run")
      #expect(try plan.status == 0 && plan.count("tombstonesWritten") == 1)
      let run = try await bench.restore("--tombstones")
      #expect(try run.status == 0 && run.count("tombstonesWritten") == 1)
      let again = try await bench.restore("--tombstones")
      #expect(try again.status == 0 && again.count("tombstonesAlreadyThere") == 1)
    }
  }

  @Test("`--until-position` and `--until-time` cut the log, and show both sides of the cut")
  func until() async throws {
    try await withBench { bench in
      let start = Timestamp("2026-01-01T00:00:00Z") ?? .now
      for number in 0..<4 as Range<Int64> {
        let event = ProposedEvent(type: "T", isJSON: false, data: Bytes("\(number)"))
        let moment = Timestamp(ticks: start.ticks + number * 600_000_000)
        _ = bench.source.log.append([event], to: "s", expected: .any, by: .system, at: moment)
      }
      try await bench.backup()
      let timed = try await bench.restore("--until-time", "2026-01-01T00:01:30Z")
      #expect(try timed.status == 0 && timed.count("afterCut") == 2)
      #expect(try await bench.texts("s") == ["0", "1"])
      let dropped = try #require(timed.report["firstDropped"] as? [String: Any])
      #expect(dropped["number"] as? Int == 2 && (timed.report["lastKept"] as? [String: Any])?["number"] as? Int == 1)
      let position = try #require(dropped["position"] as? String)
      let cut = try await bench.restore("--until-position", position)
      #expect(try cut.status == 0 && cut.count("appended") == 1 && cut.count("afterCut") == 1)
      #expect(try await bench.texts("s") == ["0", "1", "2"])
    }
  }

  @Test("`--until-…` refuses an archive of named streams with 64")
  func untilStreams() async throws {
    try await withBench { bench in
      bench.write("s", "0")
      try await bench.backup("--stream", "s")
      let run = try await bench.restore("--until-time", "2026-01-01T00:00:00Z")
      #expect(run.status == 64 && run.errors.contains("no moments"), "\(run.errors)")
    }
  }

  @Test("`--rename` gives streams other names, with links, metadata and a map; names that collide are 64")
  func rename() async throws {
    try await withBench { bench in
      bench.write("order-1", "0")
      bench.write("cart-1", "0")
      bench.write("$$order-1", #"{"n":0}"#, type: "$metadata")
      bench.write("links", "0@order-1", type: "$>")
      try await bench.backup()
      let refused = try await bench.restore("--rename", "order-1=cart-1")
      #expect(refused.status == 64 && refused.errors.contains("would both be called cart-1"), "\(refused.errors)")
      #expect(try await bench.target.log.content().isEmpty)
      let run = try await bench.restore("--rename", "order-=eu-", "--rename", "cart-=us-")
      #expect(run.status == 0, "\(run.errors)")
      #expect(try await bench.texts("eu-1") == ["0"])
      #expect(try await bench.texts("us-1") == ["0"])
      #expect(try await bench.metadata("eu-1") == #"{"n":0}"#)
      #expect(try await bench.texts("links") == ["0@eu-1"])
      let map = try bench.lines(try #require(run.report["mapFile"] as? String))
      #expect(map.map { $0["targetStream"] as? String } == ["us-1", "eu-1"])
    }
  }

  @Test("`--drop-expired` leaves out what is too old; `--origin-metadata` says where the rest is from")
  func ageAndOrigin() async throws {
    try await withBench { bench in
      for (text, age) in [("old", 7200), ("new", 0)] as [(String, Int64)] {
        let event = ProposedEvent(type: "T", isJSON: false, data: Bytes(text))
        let moment = Timestamp(ticks: Timestamp.now.ticks - age * 10_000_000)
        _ = bench.source.log.append([event], to: "s", expected: .any, by: .system, at: moment)
      }
      bench.write("$$s", #"{"$maxAge":3600}"#, type: "$metadata")
      try await bench.backup()
      let plan = try await bench.restore(
        "--drop-expired", "--expired-at", "2020-01-01T00:00:00Z", "--numbers", "renumber", "--dry-run")
      #expect(try plan.status == 0 && plan.count("expiredLeftOut") == 0)
      #expect(plan.report["expiredAt"] as? String == "2020-01-01T00:00:00.0000000Z")
      let run = try await bench.restore("--drop-expired", "--origin-metadata", "--numbers", "renumber")
      #expect(try run.status == 0 && run.count("expiredLeftOut") == 1)
      // The moment is in the report, so that a repeat can be told the same.
      let moment = try #require(run.report["expiredAt"] as? String)
      let again = try await bench.restore(
        "--drop-expired", "--expired-at", moment, "--origin-metadata", "--numbers", "renumber", "--map",
        bench.scratch.path("map"))
      #expect(try again.status == 0 && again.count("expiredLeftOut") == 1 && again.count("appended") == 0)
      #expect(try await bench.restore("--expired-at", moment).status == 64)
      #expect(try await bench.texts("s") == ["new"])
      let metadata = try #require(try await bench.target.log.content()["s"]?.events.first?.metadata)
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(metadata)) as? [String: Any])
      #expect(object["$originalEventNumber"] as? Int == 1 && object["$originalCreatedDate"] is String)
      #expect((object["$originalEventPosition"] as? [String: Any])?["commit"] is Int)
    }
  }

  @Test("Patterns choose streams")
  func patterns() async throws {
    try await withBench { bench in
      for stream in ["order-1", "order-2", "cart-1"] as [StreamName] { bench.write(stream, "0") }
      try await bench.backup()
      let run = try await bench.restore("--include-stream", "order-", "--exclude-stream", "~-2$")
      #expect(try run.status == 0 && run.count("leftOut") == 2)
      #expect(Set(try await bench.target.log.content().keys) == ["order-1"])
    }
  }

  @Test(
    "Values that make no sense are 64, in words, before anything is looked at",
    arguments: [
      (["--numbers", "sideways"], "sideways"), (["--order", "none"], "none"), (["--metadata", "some"], "some"),
      (["--on-conflict", "win"], "win"), (["--until-position", "12"], "'12' is no position"),
      (["--until-position=-1/0"], "'-1/0' is no position"),
      (["--until-time", "yesterday"], "'yesterday' is no moment"), (["--rename", "order-"], "'order-' is no rename"),
      (["--rename", "=x"], "'=x' is no rename"),
      (["--until-position", "1/1", "--until-time", "2026-01-01T00:00:00Z"], "exclude each other"),
      (["--undelete", "--metadata", "none"], "--undelete needs metadata"), (["--maximum-fillers", "x"], "x"),
      (["--maximum-fillers=-1"], "must not be negative"), (["--in-flight", "0"], "must be 1 to 4096, not 0"),
      (["--include-type", "~("], "is not a regular expression"),
    ])
  func badValues(options: [String], words: String) async throws {
    let scratch = try Scratch()
    let run = try await BinaryRun.run(
      ["restore", "--archive", scratch.path("none"), "--target", "tcp://127.0.0.1:1"] + options)
    #expect(run.status == 64 && run.errors.contains(words), "\(run.status): \(run.errors)")
  }
}
