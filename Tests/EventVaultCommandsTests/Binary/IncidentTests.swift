import EventStoreCore
import EventStoreServer
import Foundation
import Testing

@Suite("The incidents of docs/OPERATIONS.md, by the commands that stand there")
struct IncidentTests {
  /// The commands that docs/OPERATIONS.md gives for an incident.
  private func commands(_ incident: String) throws -> String {
    let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../../docs/OPERATIONS.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    let start = try #require(text.range(of: "<!-- incident: \(incident) -->\n```sh\n"), "no such incident in the page")
    let end = try #require(text.range(of: "```", range: start.upperBound..<text.endIndex))
    return String(text[start.upperBound..<end.lowerBound])
  }

  /// Runs them, each of which must succeed.
  private func follow(
    _ incident: String, _ variables: [String: String], sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> String {
    let script = "set -euo pipefail\neventvault() { \"$0\" \"$@\"; }\n" + (try commands(incident))
    let run = try await BinaryRun.shell(script, environment: variables)
    #expect(run.status == 0, "\(run.output)\(run.errors)", sourceLocation: sourceLocation)
    return run.output
  }

  private func write(_ stream: StreamName, _ count: Int, to log: EventLog, at moment: Timestamp? = nil) {
    let events = (0..<count).map { number in
      ProposedEvent(type: "OrderChanged", isJSON: true, data: Bytes("{\"change\":\(number)}"))
    }
    guard case .written = log.append(events, to: stream, expected: .any, by: .system, at: moment) else {
      Issue.record("the log refused events")
      return
    }
  }

  private func backUp(_ source: EmbeddedServer, _ archive: String, _ options: String...) async throws {
    let run = try await BinaryRun.run(["backup", "--source", source.url, "--archive", archive] + options)
    #expect(run.status == 0, "\(run.errors)")
  }

  @Test("A soft-deleted stream comes back with all its events")
  func deletedStream() async throws {
    let scratch = try Scratch()
    try await withServers(demo: 200) { source, _ in
      write("order-17", 12, to: source.log)
      try await backUp(source, scratch.path("a"))
      try await LogConnection(source.log).delete("order-17", expected: .exactly(11), hard: false)
      let output = try await follow("deleted stream", ["ARCHIVE": scratch.path("a"), "SOURCE": source.url])
      #expect(output.hasSuffix("12\n"), "\(output)")
      #expect(output.contains("0 events written"), "\(output)")
    }
  }

  @Test("A hard-deleted stream comes back under another name")
  func hardDeletedStream() async throws {
    let scratch = try Scratch()
    try await withServers(demo: 200) { source, _ in
      write("order-18", 7, to: source.log)
      try await backUp(source, scratch.path("a"))
      try await LogConnection(source.log).delete("order-18", expected: .exactly(6), hard: true)
      let output = try await follow("hard-deleted stream", ["ARCHIVE": scratch.path("a"), "SOURCE": source.url])
      #expect(output.hasSuffix("7\n"), "\(output)")
    }
  }

  @Test("After a bad deploy the log of before comes into a new cluster, and beside the damaged streams")
  func badDeploy() async throws {
    let scratch = try Scratch()
    try await withServers { source, target in
      let noon = try #require(Timestamp("2026-11-24T12:00:00Z"))
      let evening = try #require(Timestamp("2026-11-24T18:31:00Z"))
      for order in 0..<20 { write(StreamName("order-\(order)"), 3, to: source.log, at: noon) }
      for order in 0..<20 { write(StreamName("order-\(order)"), 2, to: source.log, at: evening) }
      try await backUp(source, scratch.path("a"))
      let output = try await follow(
        "bad deploy",
        [
          "ARCHIVE": scratch.path("a"), "SOURCE": source.url, "TARGET": target.url, "MOMENT": "2026-11-24T18:30:00Z",
        ])
      #expect(output.contains("last event kept: 2026-11-24T12:00:00"), "\(output)")
      #expect(output.contains("first event dropped: 2026-11-24T18:31:00"), "\(output)")
      let restored = try await target.log.content()
      #expect(restored.count == 20 && restored.values.allSatisfy { $0.events.count == 3 })
      let beside = try await source.log.content()
      #expect(beside["before-order-3"]?.events.count == 3 && beside["order-3"]?.events.count == 5)
    }
  }

  @Test("A lost cluster is restored into a new one, which holds the same")
  func lostCluster() async throws {
    let scratch = try Scratch()
    try await withServers(demo: 1000) { source, target in
      try await backUp(source, scratch.path("a"))
      _ = try await follow("lost cluster", ["ARCHIVE": scratch.path("a"), "TARGET": target.url])
      #expect(try await source.log.content() == target.log.content())
    }
  }

  @Test("A damaged segment is named by verify, and brought back from a copy")
  func damagedArchive() async throws {
    let scratch = try Scratch()
    try await withServers(demo: 3000) { source, _ in
      try await backUp(source, scratch.path("a"), "--segment-bytes", "32KiB")
      try FileManager.default.copyItem(atPath: scratch.path("a"), toPath: scratch.path("copy"))
      try scratch.change("a/segments/00000002.ndjson.zst") { $0[1000] ^= 4 }
      let output = try await follow("damaged archive", ["ARCHIVE": scratch.path("a"), "COPY": scratch.path("copy")])
      #expect(output.contains("00000002"), "\(output)")
    }
  }
}
