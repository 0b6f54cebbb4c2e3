import EventArchive
import EventStoreServer
import Foundation
import Testing

@Suite("The built binary: archives that cannot be used")
struct BadArchiveTests {
  private static let segment = "a/segments/00000001.ndjson.zst"

  /// Backs up 300 demo events into `a`, lets `body` spoil it, and runs every command on it.
  private func expectCode(
    _ code: Int32, from commands: [String] = ["verify", "list", "cat", "restore", "backup"],
    after spoil: (Scratch) throws -> Void
  ) async throws {
    let scratch = try Scratch()
    let archive = scratch.path("a")
    try await withServers(demo: 300) { source, target in
      #expect(try await BinaryRun.run(["backup", "--source", source.url, "--archive", archive]).status == 0)
      try spoil(scratch)
      let before = try scratch.files(in: "a")
      for command in commands {
        let place = ["restore": ["--target", target.url], "backup": ["--source", source.url]][command] ?? []
        let run = try await BinaryRun.run([command, "--archive", archive] + place)
        #expect(run.status == code, "\(command): \(run.errors)\(run.output)")
        #expect(!run.errors.isEmpty || run.output.contains("fault: "), "\(command) says nothing")
        let after = try scratch.files(in: "a")
        #expect(
          after.filter { $0.key != "lock.json" } == before.filter { $0.key != "lock.json" }, "\(command) changed it")
      }
    }
  }

  @Test("A changed byte of a segment is 14")
  func damagedSegment() async throws {
    try await expectCode(14, from: ["verify", "cat", "restore"]) { scratch in
      try scratch.change(Self.segment) { $0[$0.count / 3] ^= 0xFF }
    }
  }

  @Test("A truncated segment is 14")
  func truncatedSegment() async throws {
    try await expectCode(14, from: ["verify", "cat", "restore"]) { scratch in
      try scratch.change(Self.segment) { $0.removeLast(10) }
    }
  }

  @Test("A missing segment is 14")
  func missingSegment() async throws {
    try await expectCode(14, from: ["verify", "cat", "restore"]) { scratch in
      try FileManager.default.removeItem(atPath: scratch.path(Self.segment))
    }
  }

  @Test("A changed byte of the manifest is 14, and nothing is overwritten")
  func damagedManifest() async throws {
    try await expectCode(14) { scratch in
      try scratch.change("a/manifest.ndjson") { $0[40] ^= 0x01 }
    }
  }

  @Test("A newer format is 18, and nothing is overwritten")
  func newerFormat() async throws {
    try await expectCode(18) { scratch in
      try scratch.change("a/manifest.ndjson") { data in
        // Sealed as a newer program would: only the version tells that it is one.
        let line = String(decoding: data.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        let end = try #require(line.range(of: #","digest":"#))
        let content = line[..<end.lowerBound].replacingOccurrences(of: #""version":1"#, with: #""version":2"#)
        try #require(content != line[..<end.lowerBound])
        let newer = "\(content),\"digest\":\"\(SHA256Digest(of: content.utf8))\"}"
        data.replaceSubrange(0..<line.utf8.count, with: Data(newer.utf8))
      }
    }
  }

  @Test("A directory that is no archive is 10, and its files stay")
  func noArchive() async throws {
    let scratch = try Scratch()
    try FileManager.default.createDirectory(atPath: scratch.path("a"), withIntermediateDirectories: true)
    try "mine".write(toFile: scratch.path("a/notes.txt"), atomically: true, encoding: .utf8)
    try await withServers(demo: 10) { source, target in
      for name in ["a", "missing"] {
        for command in [["verify"], ["list"], ["cat"], ["restore", "--target", target.url]] {
          let run = try await BinaryRun.run(command + ["--archive", scratch.path(name)])
          #expect(run.status == 10 && run.errors.contains("hint: "), "\(command) \(run.errors)")
        }
      }
      let run = try await BinaryRun.run(["backup", "--source", source.url, "--archive", scratch.path("a")])
      #expect(run.status == 10, "\(run.errors)")
    }
    #expect(try scratch.files(in: "a") == ["notes.txt": Data("mine".utf8)])
    #expect(!FileManager.default.fileExists(atPath: scratch.path("missing")))
  }

  @Test("A locked archive is 11")
  func locked() async throws {
    let scratch = try Scratch()
    try await withServers(demo: 100) { source, _ in
      let backup = ["backup", "--source", source.url, "--archive", scratch.path("a")]
      #expect(try await BinaryRun.run(backup).status == 0)
      let lock = open(scratch.path("a/lock.json"), O_RDWR)
      try #require(lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) == 0)
      let run = try await BinaryRun.run(backup)
      #expect(run.status == 11 && run.errors.contains("hint: "), "\(run.errors)")
      #expect(try await BinaryRun.run(["verify", "--archive", scratch.path("a")]).status == 0)
      close(lock)
      #expect(try await BinaryRun.run(backup).status == 0)
    }
  }

  @Test("A disk without room is 1, and the same command later loses nothing")
  func noRoom() async throws {
    let scratch = try Scratch()
    try await withServers(demo: 5000) { source, _ in
      let full = try await BinaryRun.shell(
        #"trap '' XFSZ; ulimit -f 32; exec "$0" backup --source "$1" --archive "$2""#, [source.url, scratch.path("a")])
      #expect(full.status == 1, "\(full.errors)")
      #expect(full.errors.contains("error: "))
      let rest = try await BinaryRun.run(["backup", "--source", source.url, "--archive", scratch.path("a")])
      #expect(rest.status == 0, "\(rest.errors)")
      let verified = try await BinaryRun.run(["verify", "--archive", scratch.path("a"), "--json"])
      #expect(try verified.objects.last?["events"] as? Int == 5000, "\(verified.output)")
    }
  }
}
