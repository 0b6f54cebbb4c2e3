import EventArchive
import EventStoreCore
import EventStoreServer
import Foundation
import Testing

@Suite("The built binary: filters")
struct FilterTests {
  private func names(_ archive: String) throws -> Set<String> {
    let cursor = try ArchiveReader(directory: archive).events()
    var names: Set<String> = []
    while let batch = try cursor.nextBatch() { names.formUnion(batch.map { "\($0.stream)/\($0.type)" }) }
    return names
  }

  /// The archive's files, but for the lock's, which says who had it last.
  private func files(_ scratch: Scratch) throws -> [String: Data] {
    try scratch.files(in: "a").filter { $0.key != "lock.json" }
  }

  private func write(_ server: EmbeddedServer, _ stream: StreamName, _ types: EventType...) {
    let events = types.map { ProposedEvent(type: $0, isJSON: true, data: "{}") }
    _ = server.log.append(events, to: stream, expected: .any, by: .system)
  }

  @Test("`backup` archives what the patterns take, `list` shows them, and the archive verifies and restores")
  func backup() async throws {
    let scratch = try Scratch()
    try await withServers { source, target in
      write(source, "order-1", "Placed", "Sent")
      write(source, "$$order-1", "$metadata")
      write(source, "order-1-test", "Placed")
      write(source, "cart-1", "Filled")
      let archive = scratch.path("a")
      let patterns = ["--include-stream", "~^(order|cart)-", "--exclude-stream", "~-test$", "--exclude-type", "Sent"]
      let backup = try await BinaryRun.run(
        ["backup", "--source", source.url, "--archive", archive, "--json"] + patterns)
      #expect(backup.status == 0, "\(backup.errors)")
      let report = try #require(try backup.objects.last)
      // The server's own events are left out too.
      #expect(report["events"] as? Int == 3 && report["eventsLeftOut"] as? Int == source.log.eventCount - 3)
      #expect((report["gaps"] as? [Any])?.isEmpty == true)
      #expect(try names(archive) == ["order-1/Placed", "$$order-1/$metadata", "cart-1/Filled"])
      let list = try await BinaryRun.run(["list", "--archive", archive, "--json"])
      let object = try #require(try list.objects.first)
      #expect(object["includeStreams"] as? [String] == ["~^(order|cart)-"])
      #expect(object["excludeStreams"] as? [String] == ["~-test$"])
      #expect(object["excludeTypes"] as? [String] == ["Sent"] && object["includeTypes"] == nil)
      let text = try await BinaryRun.run(["list", "--archive", archive])
      #expect(
        text.output.contains(
          #"$all without system streams, only streams "~^(order|cart)-", no streams "~-test$", no types "Sent""#))
      #expect(try await BinaryRun.run(["verify", "--archive", archive]).status == 0)
      #expect(try await BinaryRun.run(["restore", "--archive", archive, "--target", target.url]).status == 0)
    }
  }

  @Test("A run with other patterns is refused with both selections, and the archive is as it was")
  func otherPatterns() async throws {
    let scratch = try Scratch()
    try await withServers(demo: 50) { source, _ in
      let archive = scratch.path("a")
      let command = ["backup", "--source", source.url, "--archive", archive]
      #expect(try await BinaryRun.run(command + ["--include-stream", "order-"]).status == 0)
      let before = try files(scratch)
      for other in [[], ["--include-stream", "cart-"], ["--include-stream", "order-", "--exclude-type", "X"]] {
        let refused = try await BinaryRun.run(command + other)
        #expect(refused.status == 64 && refused.errors.contains(#"only streams "order-""#), "\(refused.errors)")
      }
      #expect(try files(scratch) == before)
      #expect(try await BinaryRun.run(command + ["--include-stream", "order-"]).status == 0)
    }
  }

  @Test(
    "Patterns that make no sense are refused before anything is done, in words",
    arguments: [
      (["--include-stream", "~("], "the pattern '~(' is not a regular expression"),
      (["--exclude-type", ""], "a pattern must not be empty"),
      (["--exclude-type", "~"], "the regular expression of the pattern '~' is empty"),
      (["--include-stream", "$stats"], "takes nothing without '--include-system'"),
      (["--stream", "a", "--exclude-type", "X"], "patterns have no meaning with '--stream'"),
    ])
  func refused(options: [String], words: String) async throws {
    let scratch = try Scratch()
    let run = try await BinaryRun.run(
      ["backup", "--source", "tcp://127.0.0.1:1", "--archive", scratch.path("a")] + options)
    #expect(run.status == 64 && run.errors.contains(words), "\(run.errors)")
    #expect(!FileManager.default.fileExists(atPath: scratch.path("a")))
  }
}
