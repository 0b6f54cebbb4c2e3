import EventStoreCore
import EventStoreServer
import Foundation
import TestSupport
import Testing

@Suite("The built binary: compare")
struct CompareTests {
  /// Backs a server up and restores that into another.
  private func copy(_ source: EmbeddedServer, to target: EmbeddedServer, archive: String) async throws {
    let backup = try await BinaryRun.run(["backup", "--source", source.url, "--archive", archive])
    #expect(backup.status == 0, "\(backup.errors)")
    let restore = try await BinaryRun.run(["restore", "--archive", archive, "--target", target.url])
    #expect(restore.status == 0, "\(restore.errors)")
  }

  @discardableResult
  private func append(_ stream: StreamName, _ text: String, to server: EmbeddedServer) -> Bool {
    let event = ProposedEvent(type: "T", isJSON: false, data: Bytes(text))
    guard case .written = server.log.append([event], to: stream, expected: .any, by: .system) else { return false }
    return true
  }

  @Test("What was restored is equal to the archive and to its source, quickly and in full")
  func equal() async throws {
    let scratch = try Scratch()
    try await withServers(demo: 2000) { source, target in
      let archive = scratch.path("a")
      try await copy(source, to: target, archive: archive)
      for reference in [["--archive", archive], ["--source", source.url]] {
        for full in [[], ["--full"]] {
          let run = try await BinaryRun.run(["compare", "--target", target.url, "--json"] + reference + full)
          #expect(run.status == 0, "\(run.output)\(run.errors)")
          let report = try #require(try run.objects.last)
          #expect(report["kind"] as? String == "compare" && report["version"] as? Int == 1)
          #expect(report["outcome"] as? String == "equal" && report["full"] as? Bool == !full.isEmpty)
          let events = try #require(report["events"] as? [String: Int])
          #expect(events["reference"] == (events["same"] ?? 0) + (events["hidden"] ?? 0))
          #expect(events["same"] ?? 0 > 1000)
          #expect(!run.output.contains("changeit"))
        }
      }
      let text = try await BinaryRun.run(["compare", "--archive", archive, "--target", target.url, "--full"])
      #expect(text.status == 0 && text.output.hasPrefix("equal: "), "\(text.output)")
    }
  }

  @Test("Missing, extra and different streams are named, with 15")
  func different() async throws {
    let scratch = try Scratch()
    try await withServers { source, target in
      for stream in ["same", "missing", "changed"] as [StreamName] { append(stream, "a", to: source) }
      for text in ["b", "c"] { append("changed", text, to: source) }
      let archive = scratch.path("a")
      #expect(try await BinaryRun.run(["backup", "--source", source.url, "--archive", archive]).status == 0)
      let restore = ["restore", "--archive", archive, "--target", target.url, "--stream", "same"]
      #expect(try await BinaryRun.run(restore).status == 0)
      for text in ["a", "x", "c"] { append("changed", text, to: target) }
      append("extra", "a", to: target)

      let compare = ["compare", "--archive", archive, "--target", target.url]
      let full = try await BinaryRun.run(compare + ["--full", "--json"])
      #expect(full.status == 15, "\(full.errors)")
      let differences = try #require(try full.objects.last?["differences"] as? [[String: Any]])
      let named = Dictionary(
        differences.map { ($0["stream"] as? String ?? "", $0["difference"] as? String ?? "") },
        uniquingKeysWith: { first, _ in first })
      #expect(named == ["missing": "missing", "changed": "differentEvent", "extra": "extra"])
      #expect(differences.first { $0["stream"] as? String == "changed" }?["number"] as? Int == 0)
      let text = try await BinaryRun.run(compare + ["--full"])
      #expect(text.status == 15 && text.output.hasPrefix("different: "), "\(text.output)")
      #expect(text.errors.contains("differentEvent: stream changed, event 0: the id differs"), "\(text.errors)")
      #expect(text.errors.contains("missing: stream missing: "), "\(text.errors)")
      // The changed stream has as many events, which is all that is compared without --full.
      let quick = try await BinaryRun.run(compare + ["--stream", "changed"])
      #expect(quick.status == 0, "\(quick.errors)")
      let one = try await BinaryRun.run(compare + ["--stream", "same", "--full"])
      #expect(one.status == 0, "\(one.errors)")
    }
  }

  @Test("Streams that a restore renamed are found under their new names")
  func renamed() async throws {
    let scratch = try Scratch()
    try await withServers { source, target in
      for text in ["a", "b"] { append("old-1", text, to: source) }
      let archive = scratch.path("a")
      #expect(try await BinaryRun.run(["backup", "--source", source.url, "--archive", archive]).status == 0)
      let options = ["--archive", archive, "--target", target.url, "--rename", "old-=new-"]
      #expect(try await BinaryRun.run(["restore"] + options).status == 0)
      let compared = try await BinaryRun.run(["compare", "--full"] + options)
      #expect(compared.status == 0, "\(compared.output)\(compared.errors)")
      #expect(try await BinaryRun.run(["compare"] + options.dropLast(2)).status == 15)
      #expect(try await BinaryRun.run(["compare"] + options.dropLast() + ["none"]).status == 64)
    }
  }

  @Test("What cannot be compared is 3, and a user who may read nothing 12")
  func incomplete() async throws {
    let scratch = try Scratch()
    try await withServers(demo: 100, users: []) { source, target in
      let archive = scratch.path("a")
      try await copy(source, to: target, archive: archive)
      let compare = ["compare", "--archive", archive, "--target"]
      let missing = try await BinaryRun.run(compare + [target.url, "--stream", "no-such-stream"])
      #expect(missing.status == 3 && missing.errors.contains("notInReference: stream no-such-stream"))
      // Nobody's $all is closed: extra streams cannot be looked for.
      let anonymous = try await BinaryRun.run(compare + [target.url(as: ""), "--json"])
      #expect(anonymous.status == 3, "\(anonymous.output)\(anonymous.errors)")
      let streams = try #require(try anonymous.objects.last?["streams"] as? [String: Any])
      #expect(streams["extra"] is NSNull)
      let wrong = try await BinaryRun.run(compare + [target.url(as: "admin:wrong@")])
      #expect(wrong.status == 12, "\(wrong.errors)")
      let closed = ["compare", "--source", source.url(as: ""), "--target", target.url]
      #expect(try await BinaryRun.run(closed).status == 12)
    }
  }

  @Test("Archives that are none or damaged, closed ports and bad command lines have their codes")
  func failures() async throws {
    let scratch = try Scratch()
    try await withServers(demo: 300) { source, target in
      let archive = scratch.path("a")
      try await copy(source, to: target, archive: archive)
      let url = target.url
      #expect(try await BinaryRun.run(["compare", "--archive", scratch.path("none"), "--target", url]).status == 10)
      let closed = ["compare", "--archive", archive, "--target", "tcp://admin:changeit@127.0.0.1:1"]
      #expect(try await BinaryRun.run(closed + ["--stall-timeout", "500ms"]).status == 13)
      #expect(try await BinaryRun.run(["compare", "--target", url]).status == 64)
      #expect(try await BinaryRun.run(["compare", "--archive", archive]).status == 64)
      let both = ["compare", "--archive", archive, "--source", url, "--target", url]
      #expect(try await BinaryRun.run(both).status == 64)
      try scratch.change("a/segments/00000001.ndjson.zst") { $0[$0.count / 2] ^= 1 }
      let damaged = try await BinaryRun.run(["compare", "--archive", archive, "--target", url, "--full"])
      #expect(damaged.status == 14, "\(damaged.output)\(damaged.errors)")
    }
  }

  @Test("A server that answers nothing is 17")
  func stalled() async throws {
    let scratch = try Scratch()
    try await withServers(demo: 100) { source, target in
      try await copy(source, to: target, archive: scratch.path("a"))
      target.plan(Fault(.delayAnswer(.seconds(3600)), on: 0xB4, skipping: 3))
      let run = try await BinaryRun.run([
        "compare", "--archive", scratch.path("a"), "--target", target.url + "?requestTimeout=3600s", "--stall-timeout",
        "1s",
      ])
      #expect(run.status == 17 && target.faultHits > 0, "\(run.errors)")
    }
  }

  @Test(
    "A signal ends it with its code, and what was found until then",
    arguments: [(Int32(SIGINT), Int32(130)), (Int32(SIGTERM), Int32(143))])
  func signal(number: Int32, code: Int32) async throws {
    let scratch = try Scratch()
    try await withServers(demo: 500) { source, target in
      try await copy(source, to: target, archive: scratch.path("a"))
      target.plan(Fault(.delayAnswer(.seconds(3600)), on: 0xB4, skipping: 20))
      let running = try BinaryRun.start([
        "compare", "--archive", scratch.path("a"), "--target", target.url + "?requestTimeout=3600s", "--json",
      ])
      try #require(await eventually { target.faultHits > 0 })
      running.signal(number)
      let stopped = try await running.finish()
      #expect(stopped.status == code, "\(stopped.errors)")
      #expect(try stopped.objects.last?["outcome"] as? String == "stopped")
    }
  }
}
