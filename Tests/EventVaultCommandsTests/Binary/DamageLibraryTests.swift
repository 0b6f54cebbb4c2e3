import EventArchive
import EventStoreCore
import EventStoreServer
import Foundation
import Testing

/// Small archives with one fault each, and what the tool says of them.
@Suite("The built binary: a library of damages")
struct DamageLibraryTests {
  /// What is done to the archive `a`: three sealed segments or more, and an open one of several frames.
  struct Damage: Sendable, CustomTestStringConvertible {
    var name: String
    /// What `verify` ends with, and some of its words.
    var verify: (code: Int32, words: String)
    /// What `restore` ends with, and some of its words.
    var restore: (code: Int32, words: String)
    var spoil: @Sendable (Scratch) throws -> Void

    var testDescription: String { name }

    init(
      _ name: String, verify: (Int32, String), restore: (Int32, String),
      _ spoil: @escaping @Sendable (Scratch) throws -> Void
    ) {
      (self.name, self.verify, self.restore, self.spoil) = (name, verify, restore, spoil)
    }
  }

  @Test("Undamaged, the archive is sound, and everything in it is restored")
  func undamaged() async throws {
    let (scratch, log) = try await Self.archive()
    let verify = try await BinaryRun.run(["verify", "--archive", scratch.path("a"), "--json"])
    #expect(verify.status == 0, "\(verify.output)")
    #expect(try verify.objects.last?["segments"] as? Int ?? 0 >= 3)
    #expect(verify.output.contains("still open, with 3"))
    try await withServers { _, target in
      let restore = try await BinaryRun.run(["restore", "--archive", scratch.path("a"), "--target", target.url])
      #expect(restore.status == 0, "\(restore.errors)")
      let (wanted, found) = (try await log.content(), try await target.log.content())
      #expect(Set(wanted.keys) == Set(found.keys))
      for (stream, content) in wanted { #expect(found[stream] == content, "\(stream)") }
    }
  }

  @Test("Damaged, it is told as what it is, and no event is restored that was not archived", arguments: Damage.library)
  func damaged(_ damage: Damage) async throws {
    let (scratch, log) = try await Self.archive()
    let whole = try scratch.files(in: "a")
    try damage.spoil(scratch)
    let before = try scratch.files(in: "a")
    #expect(before != whole, "nothing was damaged")
    let verify = try await BinaryRun.run(["verify", "--archive", scratch.path("a")])
    #expect(verify.status == damage.verify.code, "\(verify.output)\(verify.errors)")
    #expect((verify.output + verify.errors).contains(damage.verify.words), "\(verify.output)\(verify.errors)")
    try await withServers { _, target in
      let restore = try await BinaryRun.run(["restore", "--archive", scratch.path("a"), "--target", target.url])
      #expect(restore.status == damage.restore.code, "\(restore.errors)\(restore.output)")
      #expect((restore.output + restore.errors).contains(damage.restore.words), "\(restore.errors)\(restore.output)")
      let wanted = try await log.content()
      for (stream, content) in try await target.log.content() {
        let expected = try #require(wanted[stream], "\(stream) was never archived")
        #expect(expected.events.starts(with: content.events), "\(stream) holds something else")
      }
    }
    #expect(try scratch.files(in: "a") == before, "the archive was changed")
  }

  /// The archive `a` of a log of 150 demo events: 120 in sealed segments, the rest in one that a crash left open.
  private static func archive() async throws -> (Scratch, EventLog) {
    let scratch = try Scratch()
    let log = EventLog()
    log.fill(with: DemoEvents(count: 150, seed: 3))
    let page = try await LogConnection(log).readAll(.forward, from: .start, maximumCount: 1000, resolveLinks: false)
    let events = page.events.compactMap(\.received)
    for (range, isWhole) in [(0..<120, true), (120..<150, false)] {
      let writer = try await ArchiveWriter.open(
        directory: scratch.path("a"),
        creating: ArchiveDescription(
          created: .now, tool: "test", scope: .all(includeSystem: true), source: "tcp://127.0.0.1:1113",
          protocolName: "tcp"),
        options: ArchiveOptions(
          compressionLevel: 1, compressionWorkers: 1, maximumFrameBytes: 3000,
          maximumSegmentBytes: isWhole ? 3000 : 1 << 20))
      for event in events[range] { try await writer.append([event]) }
      if isWhole {
        try await writer.finish()
      } else {
        try await writer.sync()
        await writer.abandon()
      }
    }
    return (scratch, log)
  }
}
