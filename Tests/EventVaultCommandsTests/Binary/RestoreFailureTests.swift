import EventStoreCore
import EventStoreServer
import Foundation
import TestSupport
import Testing

@Suite("The built binary: restores that do not go as asked")
struct RestoreFailureTests {
  private static func event(_ text: String = "{}") -> ProposedEvent {
    ProposedEvent(type: "Something", isJSON: true, data: Bytes(text))
  }

  /// Backs the source up into `a`, and gives the command that restores it.
  private func archived(_ source: EmbeddedServer, for target: EmbeddedServer, in scratch: Scratch) async throws
    -> [String]
  {
    let backup = try await BinaryRun.run(["backup", "--source", source.url, "--archive", scratch.path("a")])
    #expect(backup.status == 0, "\(backup.errors)")
    return ["restore", "--archive", scratch.path("a"), "--target", target.url]
  }

  @Test("A target with another event in the place is 15: it stays as it is, and the other streams are restored")
  func conflict() async throws {
    let scratch = try Scratch()
    try await withServers { source, target in
      let (writer, other) = (LogConnection(source.log), LogConnection(target.log))
      for name: StreamName in ["a", "b", "c"] {
        _ = try await writer.append([Self.event(), Self.event()], to: name, expected: .noStream)
      }
      _ = try await other.append([Self.event("1"), Self.event("2")], to: "b", expected: .noStream)
      let before = try await target.log.content()
      let restore = try await archived(source, for: target, in: scratch)
      for _ in 0..<2 {
        let run = try await BinaryRun.run(restore)
        #expect(run.status == 15, "\(run.errors)")
        #expect(run.errors.contains("stream b, event 0") && run.output.contains("conflict"), "\(run.errors)")
      }
      let (wanted, found) = (try await source.log.content(), try await target.log.content())
      #expect(found["a"] == wanted["a"] && found["c"] == wanted["c"] && found["b"] == before["b"])
    }
  }

  @Test("Other metadata on the target are a conflict too, and stay")
  func metadataConflict() async throws {
    let scratch = try Scratch()
    try await withServers { source, target in
      for (server, text) in [(source, #"{"a":1}"#), (target, #"{"a":2}"#)] {
        let metadata = ProposedEvent(type: "$metadata", isJSON: true, data: Bytes(text))
        _ = try await LogConnection(server.log).append([metadata], to: "$$s", expected: .noStream)
      }
      let before = try await target.log.content()
      let run = try await BinaryRun.run(try await archived(source, for: target, in: scratch))
      #expect(run.status == 15, "\(run.errors)")
      #expect(try await target.log.content() == before)
    }
  }

  @Test("An event that the target does not take goes to the rejects file, and ends its stream; the code is 3")
  func rejects() async throws {
    let scratch = try Scratch()
    try await withServers { source, target in
      let anything = WriteLimits(maximumEventBytes: .max, maximumAppendBytes: .max, maximumAppendEvents: 1000)
      let writer = LogConnection(source.log, limits: anything)
      let large = String(repeating: "x", count: 17 << 20)
      for text in ["1", "\"\(large)\"", "3"] {
        _ = try await writer.append([Self.event(text)], to: "large", expected: .any)
      }
      _ = try await writer.append([Self.event()], to: "small", expected: .noStream)
      let restore = try await archived(source, for: target, in: scratch)
      let run = try await BinaryRun.run(restore + ["--json"])
      #expect(run.status == 3, "\(run.errors)")
      let report = try #require(try run.objects.last)
      let counts = try #require(report["events"] as? [String: Int])
      #expect(counts["appended"] == 2 && counts["rejected"] == 1 && counts["notWritten"] == 1, "\(counts)")
      let file = try #require(report["rejectsFile"] as? String)
      #expect(file.hasPrefix(scratch.path("a.rejects-")))
      let line = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: file)))
      let rejected = try #require(line as? [String: Any])
      #expect((rejected["reason"] as? String)?.isEmpty == false)
      let event = try #require(rejected["event"] as? [String: Any])
      #expect(event["stream"] as? String == "large" && event["number"] as? Int == 1)
      #expect(event["data"] as? String == large)
      let found = try await target.log.content()
      #expect(found["large"]?.events.map(\.data) == [Bytes("1")] && found["small"]?.events.count == 1)

      let kept = try Data(contentsOf: URL(fileURLWithPath: file))
      let refused = try await BinaryRun.run(restore + ["--rejects", file])
      #expect(refused.status == 64, "\(refused.errors)")
      #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == kept)
    }
  }

  @Test("A stream without its first events is refused before anything of it is written; the code is 3")
  func strictNumbers() async throws {
    let scratch = try Scratch()
    try await withServers { source, target in
      let writer = LogConnection(source.log)
      _ = try await writer.append((0..<5).map { _ in Self.event() }, to: "cut", expected: .noStream)
      let metadata = ProposedEvent(type: "$metadata", isJSON: true, data: Bytes(#"{"$tb":2}"#))
      _ = try await writer.append([metadata], to: "$$cut", expected: .noStream)
      let backup = try await BinaryRun.run([
        "backup", "--source", source.url, "--archive", scratch.path("a"), "--stream", "cut",
      ])
      #expect(backup.status == 0, "\(backup.errors)")
      let run = try await BinaryRun.run(["restore", "--archive", scratch.path("a"), "--target", target.url])
      #expect(run.status == 3, "\(run.errors)")
      #expect(run.errors.contains("numbersWouldChange: stream cut, event 2"), "\(run.errors)")
      #expect(try await target.log.content()["cut"]?.events ?? [] == [])
    }
  }

  @Test("A closed port is 13; a wrong password, and a user who may write nothing, is 12")
  func unusableTarget() async throws {
    let scratch = try Scratch()
    let closed = try await withServers { source, _ in source.url }
    // The users are those of the first server.
    try await withServers(users: ["bob:secretsecret"]) { target, source in
      _ = try await LogConnection(source.log).append([Self.event()], to: "s", expected: .noStream)
      let acl = ProposedEvent(type: "$metadata", isJSON: true, data: Bytes(#"{"$acl":{"$w":"$admins"}}"#))
      _ = try await LogConnection(target.log).append([acl], to: "$$s", expected: .noStream)
      _ = try await archived(source, for: target, in: scratch)
      let end = target.log.writerCheckpoint
      let urls = [
        (closed, Int32(13), "refused"), (target.url(as: "admin:wrongwrong@"), 12, "refused the login of admin"),
        (target.url(as: "bob:secretsecret@"), 12, "bob may not"),
        (target.url(as: ""), 12, "an anonymous client may not"),
      ]
      for (url, code, words) in urls {
        let run = try await BinaryRun.run(["restore", "--archive", scratch.path("a"), "--target", url])
        #expect(run.status == code, "\(run.errors)")
        #expect(run.errors.contains(words) && run.errors.contains("hint: "), "\(run.errors)")
        #expect(!run.errors.contains("wrongwrong") && !run.errors.contains("secretsecret"))
      }
      #expect(target.log.writerCheckpoint == end)
    }
  }

  @Test(
    "A signal in the middle ends with its code, and the same command again completes it, each event once",
    arguments: [(Int32(SIGINT), Int32(130)), (Int32(SIGTERM), Int32(143))])
  func signal(number: Int32, code: Int32) async throws {
    let scratch = try Scratch()
    try await withServers(demo: 3000) { source, target in
      let restore = try await archived(source, for: target, in: scratch) + ["--in-flight", "8", "--json"]
      // All that is in flight is answered late: the signal comes long before that.
      target.plan(Fault(.delayAnswer(.seconds(3)), on: 0x82, skipping: 40, times: 8))
      let running = try BinaryRun.start(restore)
      try #require(await eventually { target.faultHits > 0 })
      running.signal(number)
      let stopped = try await running.finish()
      #expect(stopped.status == code, "\(stopped.errors)")
      let report = try #require(try stopped.objects.last)
      #expect(report["outcome"] as? String == "stopped")
      let appended = try #require((report["events"] as? [String: Int])?["appended"])
      let inTarget = try await target.log.content().values.reduce(0) { $0 + $1.events.count }
      #expect(appended > 0 && appended == inTarget, "what was under way is waited for, and counted")
      let streams = try #require(report["streams"] as? [String: Int])
      #expect(streams["alreadyThere"] == 0 && streams["continued"] == 0, "the target was empty: \(streams)")
      #expect(try await source.log.content() != target.log.content())
      let rest = try await BinaryRun.run(restore)
      #expect(rest.status == 0, "\(rest.errors)")
      let events = try #require(try rest.objects.last?["events"] as? [String: Int])
      #expect(events["alreadyThere"] == appended)
      #expect(try await source.log.content() == target.log.content())
    }
  }
}
