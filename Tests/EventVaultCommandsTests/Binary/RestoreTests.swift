import EventStoreCore
import EventStoreServer
import Foundation
import Testing

@Suite("The built binary: restore")
struct RestoreTests {
  /// Payloads and names that something on the way could spoil, and a stream of each kind of ending.
  private func addOddities(to log: EventLog) async throws {
    let writer = LogConnection(log)
    let payloads: [[UInt8]] = [
      [], [0], [0xFF, 0xFE, 0x00, 0x80], Array("{\"a\":1,\"a\":2}".utf8), Array("{ \"pretty\":\n\t1e400 }\n".utf8),
      Array("\u{FEFF}null".utf8), Array("\"\\ud800\"".utf8), [UInt8](repeating: 0x41, count: 1 << 20),
    ]
    let events = payloads.flatMap { payload in
      [true, false].map {
        ProposedEvent(type: "Odd", isJSON: $0, data: Bytes(payload), metadata: Bytes(payload.reversed()))
      }
    }
    for name: StreamName in ["odd payloads", "a/b c", StreamName(utf8: [0xFF, 0x00, 0x22]), StreamName("é" + "x")] {
      _ = try await writer.append(events, to: name, expected: .noStream)
    }
    let few = Array(events.prefix(3))
    let metadata = Bytes(#"{"$maxCount":2,"$acl":{"$r":"bob"},"colour": "rot"}"#)
    _ = try await writer.append(few, to: "kept short", expected: .noStream)
    for name: StreamName in ["kept short", "only metadata"] {
      _ = try await writer.append(
        [ProposedEvent(type: "$metadata", isJSON: true, data: metadata)], to: name.metadataStream, expected: .noStream)
    }
    for name: StreamName in ["soft", "soft and back", "hard"] {
      _ = try await writer.append(few, to: name, expected: .noStream)
      try await writer.delete(name, expected: .exactly(2), hard: name == "hard")
    }
    _ = try await writer.append([events[4]], to: "soft and back", expected: .any)
  }

  private func counts(_ run: BinaryRun.Outcome, _ key: String) throws -> [String: Int] {
    try #require(try run.objects.last?[key] as? [String: Int], "\(run.output)\(run.errors)")
  }

  @Test(
    "Every stream comes back with its numbers, bytes, metadata and soft deletes; a repeat writes nothing",
    arguments: [1, 64])
  func roundTrip(inFlight: Int) async throws {
    let scratch = try Scratch()
    try await withServers(demo: 2000) { source, target in
      try await addOddities(to: source.log)
      let backup = ["backup", "--source", source.url, "--archive", scratch.path("a")]
      #expect(try await BinaryRun.run(backup).status == 0)
      let restore = [
        "restore", "--archive", scratch.path("a"), "--target", target.url, "--in-flight", "\(inFlight)", "--json",
      ]
      let first = try await BinaryRun.run(restore)
      #expect(first.status == 0, "\(first.errors)\(first.output)")
      #expect(try first.objects.last?["order"] as? String == (inFlight == 1 ? "global" : "stream"))
      let (wanted, found) = (try await source.log.content(), try await target.log.content())
      #expect(wanted["soft"]?.isSoftDeleted == true && wanted["kept short"]?.events.count == 3)
      #expect(Set(wanted.keys) == Set(found.keys))
      for (stream, content) in wanted { #expect(found[stream] == content, "\(stream)") }
      let written = try counts(first, "events")["appended"]
      #expect(written == found.values.reduce(0) { $0 + $1.events.count + ($1.metadata == nil ? 0 : 1) })

      let end = target.log.writerCheckpoint
      let again = try await BinaryRun.run(restore)
      #expect(again.status == 0, "\(again.errors)")
      #expect(target.log.writerCheckpoint == end)
      #expect(try counts(again, "events")["appended"] == 0)
      #expect(try counts(again, "events")["alreadyThere"] == written)
    }
  }

  @Test("What was archived later is added to what was restored before")
  func continues() async throws {
    let scratch = try Scratch()
    try await withServers(demo: 300) { source, target in
      for _ in 0..<3 {
        let demo = try await BinaryRun.run(["demo", "--target", source.url, "--events", "30"])
        let backup = try await BinaryRun.run(["backup", "--source", source.url, "--archive", scratch.path("a")])
        let restore = try await BinaryRun.run(["restore", "--archive", scratch.path("a"), "--target", target.url])
        #expect(demo.status == 0 && backup.status == 0 && restore.status == 0, "\(backup.errors)\(restore.errors)")
      }
      let (wanted, found) = (try await source.log.content(), try await target.log.content())
      #expect(wanted == found)
    }
  }

  @Test("--stream restores what it names and nothing else; a stream that is not archived is 3")
  func namedStreams() async throws {
    let scratch = try Scratch()
    try await withServers { source, target in
      try await addOddities(to: source.log)
      let backup = ["backup", "--source", source.url, "--archive", scratch.path("a")]
      #expect(try await BinaryRun.run(backup).status == 0)
      let restore = ["restore", "--archive", scratch.path("a"), "--target", target.url, "--stream", "kept short"]
      let one = try await BinaryRun.run(restore)
      #expect(one.status == 0, "\(one.errors)")
      let (wanted, found) = (try await source.log.content(), try await target.log.content())
      #expect(found == ["kept short": try #require(wanted["kept short"])])
      let missing = try await BinaryRun.run(restore + ["--stream", "nope", "--stream", "odd payloads"])
      #expect(missing.status == 3 && missing.errors.contains("nope"), "\(missing.errors)")
      #expect(try await target.log.content().keys.sorted() == ["kept short", "odd payloads"])
    }
  }

  @Test("An archive of named streams is restored like any other")
  func archiveOfStreams() async throws {
    let scratch = try Scratch()
    try await withServers { source, target in
      try await addOddities(to: source.log)
      let names: [StreamName] = ["odd payloads", "kept short", "soft and back"]
      let backup = try await BinaryRun.run(
        ["backup", "--source", source.url, "--archive", scratch.path("a")] + names.flatMap { ["--stream", "\($0)"] })
      #expect(backup.status == 0, "\(backup.errors)")
      let restore = try await BinaryRun.run(["restore", "--archive", scratch.path("a"), "--target", target.url])
      // Deleted and recreated, or kept to a count: a stream's reader does not see its first events any more.
      #expect(restore.status == 3, "\(restore.errors)")
      let (wanted, found) = (try await source.log.content(), try await target.log.content())
      #expect(found["odd payloads"] == wanted["odd payloads"])
      for name in ["kept short", "soft and back"] { #expect(restore.errors.contains("stream \(name)")) }
    }
  }

  @Test("A dry run says what would be done, and writes nothing")
  func dryRun() async throws {
    let scratch = try Scratch()
    try await withServers(demo: 500) { source, target in
      let backup = ["backup", "--source", source.url, "--archive", scratch.path("a")]
      #expect(try await BinaryRun.run(backup).status == 0)
      let end = target.log.writerCheckpoint
      let restore = ["restore", "--archive", scratch.path("a"), "--target", target.url, "--json"]
      let dry = try await BinaryRun.run(restore + ["--dry-run"])
      #expect(dry.status == 0, "\(dry.errors)")
      #expect(target.log.writerCheckpoint == end)
      #expect(try dry.objects.last?["dryRun"] as? Bool == true)
      let real = try await BinaryRun.run(restore)
      #expect(real.status == 0, "\(real.errors)")
      #expect(try counts(dry, "events") == counts(real, "events"))
      #expect(try counts(dry, "streams") == counts(real, "streams"))
      #expect(try counts(dry, "metadata") == counts(real, "metadata"))
      let words = try await BinaryRun.run([
        "restore", "--archive", scratch.path("a"), "--target", target.url, "--dry-run",
      ])
      #expect(words.output.hasPrefix("dry run: 0 events would be written"), "\(words.output)")
    }
  }
}
