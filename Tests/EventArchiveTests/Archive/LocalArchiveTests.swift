import EventArchive
import EventStoreCore
import Foundation
import Testing

/// Archives in real directories, looked at with the tools that users have.
@Suite struct LocalArchiveTests {
  private static func archive(in scratch: Scratch, events: Int) async throws -> String {
    let directory = scratch.path + "/archive"
    try await ArchiveSamples.backup(ArchiveSamples.events(events), to: LocalStorage(directory: directory))
    return directory
  }

  @Test("zstdcat, jq and sha256sum alone read an archive and prove its chain")
  func commonTools() async throws {
    let scratch = try Scratch()
    let directory = try await Self.archive(in: scratch, events: 40)
    let reader = try ArchiveReader(directory: directory)
    let numbers = try Shell.output("zstdcat segments/*.zst | jq -c .number", in: directory)
    let expected = (0..<40).map { "\($0)\n" }.joined()
    #expect(numbers == expected)
    // Every segment's SHA-256, as the manifest has it.
    let sums = try Shell.output(
      #"jq -r 'select(.kind == "segment") | .sha256 + "  " + .file' manifest.ndjson | sha256sum -c --quiet - && echo ok"#,
      in: directory)
    #expect(sums == "ok\n")
    // Every line's prev is the SHA-256 of the line before, and its digest that of what stands before the digest.
    for line in 1...reader.segments.count {
      let sum = try Shell.output("sed -n \(line)p manifest.ndjson | sha256sum | cut -c1-64", in: directory)
      #expect(try Shell.output("sed -n \(line + 1)p manifest.ndjson | jq -r .prev", in: directory) == sum)
      let digest = try Shell.output(
        #"sed -n \#(line)p manifest.ndjson | sed 's/,"digest":.*//' | tr -d '\n' | sha256sum | cut -c1-64"#,
        in: directory)
      #expect(try Shell.output("sed -n \(line)p manifest.ndjson | jq -r .digest", in: directory) == digest)
    }
    let head = try Shell.output("tail -n 1 manifest.ndjson | sha256sum | cut -c1-64", in: directory)
    #expect(head == "\(reader.headDigest)\n")
  }

  @Test("Directories are private, and so are files")
  func modes() async throws {
    let scratch = try Scratch()
    let directory = try await Self.archive(in: scratch, events: 3)
    let modes = try Shell.output("stat -c '%a %n' . segments manifest.ndjson lock.json segments/*", in: directory)
    #expect(
      modes == "700 .\n700 segments\n600 manifest.ndjson\n600 lock.json\n600 segments/00000001.ndjson.zst\n")
  }

  @Test("A second writer is refused and told who has the lock, and readers are not disturbed")
  func lock() async throws {
    let scratch = try Scratch()
    let directory = try await Self.archive(in: scratch, events: 3)
    let writer = try await ArchiveWriter.open(directory: directory, creating: ArchiveSamples.description)
    let error = await #expect(throws: ArchiveError.self) {
      try await ArchiveWriter.open(directory: directory, creating: ArchiveSamples.description)
    }
    #expect(error?.code == .locked)
    #expect(error?.cause?.contains("\"process\":\(ProcessInfo.processInfo.processIdentifier)") == true)
    #expect(try ArchiveSamples.all(ArchiveReader(directory: directory).events()).count == 3)
    // Another process cannot take it either.
    let other = try Shell.output("flock -n lock.json true && echo free || echo taken", in: directory)
    #expect(other == "taken\n")
    await writer.abandon()
    let next = try await ArchiveWriter.open(directory: directory, creating: ArchiveSamples.description)
    await next.abandon()
  }

  @Test("A directory with other things in it, a file, and a missing parent are refused, each with its own words")
  func refusals() async throws {
    let scratch = try Scratch()
    try Data("mine".utf8).write(to: URL(fileURLWithPath: scratch.path + "/notes.txt"))
    let cases: [(path: String, code: ArchiveError.Code)] = [
      ("", .notAnArchive), ("/notes.txt", .notAnArchive), ("/no/where", .ioFailed),
    ]
    for (path, code) in cases {
      let error = await #expect(throws: ArchiveError.self) {
        try await ArchiveWriter.open(directory: scratch.path + path, creating: ArchiveSamples.description)
      }
      #expect(error?.code == code, "\(path)")
      #expect(error?.hint != nil || path == "/notes.txt", "\(path)")
      #expect(
        #expect(throws: ArchiveError.self) { try ArchiveReader(directory: scratch.path + path) }?.code == .notAnArchive)
    }
    #expect(try Shell.output("ls", in: scratch.path) == "notes.txt\n")
  }

  @Test("An archive without its manifest is damaged, not missing")
  func noManifest() async throws {
    let scratch = try Scratch()
    let directory = try await Self.archive(in: scratch, events: 3)
    try FileManager.default.removeItem(atPath: directory + "/manifest.ndjson")
    #expect(#expect(throws: ArchiveError.self) { try ArchiveReader(directory: directory) }?.code == .damaged)
    let error = await #expect(throws: ArchiveError.self) {
      try await ArchiveWriter.open(directory: directory, creating: ArchiveSamples.description)
    }
    #expect(error?.code == .damaged)
  }

  @Test("A reader that was opened before a segment was sealed reads on")
  func readsWhileWritten() async throws {
    let scratch = try Scratch()
    let directory = scratch.path + "/archive"
    let writer = try await ArchiveWriter.open(directory: directory, creating: ArchiveSamples.description)
    try await writer.append(ArchiveSamples.events(5))
    try await writer.sync()
    let reader = try ArchiveReader(directory: directory)
    try await writer.append([ArchiveSamples.event(6)])
    try await writer.finish()
    #expect(try ArchiveSamples.all(reader.events()) == ArchiveSamples.events(5))
    #expect(try ArchiveReader(directory: directory).eventCount == 6)
  }

  @Test("A full disk is told as such")
  func fullDisk() throws {
    let file = try LocalStorage(directory: "/dev").openForAppending("full")
    defer { file.close() }
    let error = #expect(throws: ArchiveError.self) {
      try Bytes("x").withUnsafeBytes { (bytes) throws(ArchiveError) in try file.append(bytes) }
    }
    #expect(error?.code == .diskFull)
    #expect(error?.hint != nil)
  }
}
