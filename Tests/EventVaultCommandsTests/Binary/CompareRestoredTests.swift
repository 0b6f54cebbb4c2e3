import EventStoreCore
import EventStoreServer
import Foundation
import Testing

@Suite("The built binary: compare after restore with options")
struct CompareRestoredTests {
  /// Options of a restore, those of them that compare takes, and what it says without them.
  struct Form: CustomTestStringConvertible, Sendable {
    var restore: [String]
    var compare: [String]
    var without: Int32

    init(_ shared: [String], only: [String] = [], without: Int32 = 15) {
      (restore, compare, self.without) = (shared + only, shared, without)
    }

    var testDescription: String { restore.joined(separator: " ") }
  }

  private static let forms = [
    Form(["--exclude-type", "Noise"], only: ["--numbers", "renumber"]),
    Form(["--exclude-type", "Noise"], only: ["--numbers", "preserve"]),
    Form(["--include-stream", "order-", "--exclude-stream", "~2$"]),
    Form(["--until-time", "2023-11-14T22:13:25Z"]),
    Form(["--drop-expired"], only: ["--numbers", "renumber"]),
    Form(["--drop-expired", "--expired-at", "2023-11-14T22:13:38.5Z"], only: ["--numbers", "preserve"]),
    Form(["--rename", "order-=old-", "--exclude-type", "Noise"], only: ["--numbers", "renumber"]),
    Form(["--metadata", "none"]), Form(["--metadata", "history"], without: 0), Form(["--undelete"]),
    Form(["--tombstones"], without: 0), Form(["--origin-metadata"]), Form(["--stream", "order-1"]),
  ]

  /// Streams of every kind, in the order of their events: one event a second, from 2023-11-14T22:13:20Z.
  private func fill(_ log: EventLog) {
    var second: Int64 = 0
    func write(_ stream: StreamName, _ texts: String..., type: EventType = "T") {
      for text in texts {
        let event = ProposedEvent(type: type, isJSON: true, data: Bytes(text))
        let moment = Timestamp(ticks: 17_000_000_000_000_000 + second * 10_000_000)
        _ = log.append([event], to: stream, expected: .any, by: .system, at: moment)
        second += 1
      }
    }
    write("$$order-1", #"{"v":1}"#, #"{"v":2}"#, type: .streamMetadata)
    write("order-1", "0")
    write("order-1", "1", type: "Noise")
    write("order-1", "2", "3")
    write("order-2", "0", "1")
    write("links", "2@order-1", "1@order-1", "0@order-2", "0@nowhere", type: "$>")
    write("aging", "0", "1", "2")
    write("$$aging", #"{"$maxAge":5}"#, type: .streamMetadata)
    for stream in ["soft", "hard"] as [StreamName] {
      write(stream, "0")
      _ = log.delete(stream, expected: .any, hard: stream == "hard", by: .system)
    }
  }

  @Test(
    "With the same options it is equal, quickly and in full, and without them it says what differs", arguments: forms)
  func form(_ form: Form) async throws {
    let scratch = try Scratch()
    try await withServers { source, target in
      fill(source.log)
      let archive = ["--archive", scratch.path("a")]
      #expect(try await BinaryRun.run(["backup", "--source", source.url] + archive).status == 0)
      let restore = try await BinaryRun.run(["restore", "--target", target.url] + archive + form.restore)
      #expect(restore.status == 0, "\(restore.output)\(restore.errors)")
      let compare = ["compare", "--target", target.url, "--json"] + archive
      for full in [[], ["--full"]] {
        let run = try await BinaryRun.run(compare + form.compare + full)
        #expect(run.status == 0, "\(full): \(run.output)")
      }
      #expect(try await BinaryRun.run(compare + ["--full"]).status == form.without)
    }
  }

  @Test("What is counted is in the report, for programs and for people")
  func report() async throws {
    let scratch = try Scratch()
    try await withServers { source, target in
      fill(source.log)
      let archive = ["--archive", scratch.path("a")]
      #expect(try await BinaryRun.run(["backup", "--source", source.url] + archive).status == 0)
      let options = archive + ["--target", target.url, "--exclude-type", "Noise"]
      #expect(try await BinaryRun.run(["restore", "--numbers", "preserve"] + options).status == 0)
      let run = try await BinaryRun.run(["compare", "--full", "--json"] + options)
      let events = try #require(try run.objects.last?["events"] as? [String: Int])
      #expect(events["fillers"] == 1 && events["leftOut"] == 1)
      let text = try await BinaryRun.run(["compare", "--full"] + options).output
      #expect(text.contains("1 event on the target only to fill holes in the numbers"), "\(text)")
      #expect(text.contains("1 event not expected on the target"), "\(text)")
    }
  }

  @Test("Cuts and ages need an archive")
  func needsArchive() async throws {
    for options in [["--until-time", "2026-01-01T00:00:00Z"], ["--until-position", "1/1"], ["--drop-expired"]] {
      let run = try await BinaryRun.run(
        ["compare", "--source", "tcp://127.0.0.1:1", "--target", "tcp://127.0.0.1:1"] + options)
      #expect(run.status == 64 && run.errors.contains("needs '--archive'"), "\(run.errors)")
    }
  }
}
