import EventArchive
import EventStoreCore
import Foundation
import Testing

/// Archives with one thing wrong, and what is said of them.
@Suite struct DamageTests {
  private static let first = "segments/00000001.ndjson.zst"
  private static let second = "segments/00000002.ndjson.zst"
  private static let manifest = "manifest.ndjson"

  private static func archive(events: Int = 20) async throws -> PowerCutStorage {
    let storage = PowerCutStorage()
    try await ArchiveSamples.backup(ArchiveSamples.events(events), to: storage)
    return storage
  }

  private static func faults(of storage: PowerCutStorage) throws -> [ArchiveFault.Kind] {
    try ArchiveVerifier(storage: storage).verify().faults.map(\.kind)
  }

  @Test("A sealed segment that was cut, or lost, is named, and the others are read all the same")
  func lostAndCut() async throws {
    let storage = try await Self.archive(events: 40)
    let whole = try #require(storage[Self.first])
    storage[Self.first] = Array(whole.dropLast(10))
    storage[Self.second] = nil
    let report = try ArchiveVerifier(storage: storage).verify()
    #expect(report.faults.contains { $0.kind == .wrongSize && $0.path == Self.first })
    #expect(report.faults.contains { $0.kind == .wrongDigest && $0.path == Self.first })
    #expect(report.faults.contains { $0.kind == .wrongIndex && $0.path == Self.first })
    #expect(report.faults.contains { $0.kind == .missingFile && $0.path == Self.second })
    #expect(report.events > 20)
  }

  @Test(
    "An archive with a sealed segment that was cut, or lost, is not added to, and nothing is changed",
    arguments: [true, false])
  func notContinued(isLost: Bool) async throws {
    let storage = try await Self.archive(events: 40)
    let whole = try #require(storage[Self.first])
    storage[Self.first] = isLost ? nil : Array(whole.dropLast(10))
    let before = storage.paths.map { ($0, storage[$0]) }
    let error = await #expect(throws: ArchiveError.self) {
      try await ArchiveSamples.backup(ArchiveSamples.events(50), to: storage)
    }
    #expect(error?.code == .damaged)
    #expect(error?.segment == 1)
    for (path, content) in before { #expect(storage[path] == content, "\(path)") }
  }

  @Test("A reader gives no event of a sealed segment whose SHA-256 is wrong, and keeps saying so")
  func readerRefuses() async throws {
    let storage = try await Self.archive()
    storage[Self.first]?[20] ^= 1
    let cursor = try ArchiveReader(storage: storage).events()
    for _ in 0..<2 {
      let error = #expect(throws: ArchiveError.self) { try cursor.nextBatch() }
      #expect(error?.code == .damaged)
      #expect(error?.segment == 1)
    }
  }

  @Test("A read of one stream finds a bad frame by its digest, and does not look at frames of other streams")
  func partialRead() async throws {
    let storage = try await Self.archive()
    let streams: Set<StreamName> = ["order-0"]
    let events = ArchiveSamples.events(20).filter { streams.contains($0.stream) }
    #expect(try ArchiveSamples.all(ArchiveReader(storage: storage).events(of: streams)) == events)
    storage[Self.first]?[20] ^= 1
    let cursor = try ArchiveReader(storage: storage).events(of: streams)
    let error = #expect(throws: ArchiveError.self) { try ArchiveSamples.all(cursor) }
    #expect(error?.code == .damaged)
    #expect(try ArchiveSamples.all(ArchiveReader(storage: storage).events(of: ["nobody"])) == [])
  }

  @Test("Damage in the middle of the open segment stops the writer, and the file is kept as it was")
  func damagedOpenSegment() async throws {
    let storage = PowerCutStorage()
    let writer = try await ArchiveWriter.open(
      storage: storage, creating: ArchiveSamples.description,
      options: ArchiveOptions(maximumFrameBytes: 300, maximumSegmentBytes: 1 << 20), now: ArchiveSamples.clock())
    try await writer.append(ArchiveSamples.events(12))
    try await writer.sync()
    await writer.abandon()
    let path = "segments/00000001.ndjson.zst.open"
    storage[path]?[30] ^= 0xFF
    let before = (storage[path], storage[Self.manifest])
    let error = await #expect(throws: ArchiveError.self) {
      try await ArchiveSamples.backup(ArchiveSamples.events(20), to: storage)
    }
    #expect(error?.code == .damaged)
    #expect(error?.hint != nil)
    #expect(storage[path] == before.0)
    #expect(storage[Self.manifest] == before.1)
    #expect(try Self.faults(of: storage).contains(.badFrame))
  }

  @Test("A torn last line of the manifest is read over, and cut off by the next run, whose segment is taken in again")
  func tornManifest() async throws {
    let storage = try await Self.archive()
    let whole = try #require(storage[Self.manifest])
    for cut in [1, 2, 40, 200] {
      let torn = storage.copy()
      torn[Self.manifest] = Array(whole.dropLast(cut))
      let report = try ArchiveVerifier(storage: torn).verify()
      #expect(report.faults == [])
      #expect(report.notes.contains { $0.contains("unfinished line") })
      #expect(try ArchiveSamples.content(of: torn) == ArchiveSamples.events(20))
      let writer = try await ArchiveWriter.open(
        storage: torn, creating: ArchiveSamples.description, options: ArchiveSamples.options,
        now: ArchiveSamples.clock())
      #expect(writer.notes.count == 2)
      #expect(writer.resumePoint.checkpoint == ArchiveSamples.event(19).position)
      try await writer.finish()
      #expect(try Self.faults(of: torn) == [])
      #expect(try ArchiveSamples.content(of: torn) == ArchiveSamples.events(20))
    }
  }

  @Test(
    "A changed, missing or repeated line of the manifest is damage, for readers and writers, and verify tells which")
  func damagedManifest() async throws {
    let storage = try await Self.archive(events: 40)
    let lines = try #require(storage[Self.manifest]).split(separator: 0x0A).map { Array($0) + [0x0A] }
    let text = String(decoding: lines[1], as: UTF8.self).replacing("\"events\":", with: "\"events\":1")
    let cases: [(lines: [[UInt8]], kinds: [ArchiveFault.Kind])] = [
      ([lines[0], Array(text.utf8)] + lines[2...], [.badManifestLine, .brokenChain]),
      ([lines[0]] + lines[2...], [.brokenChain, .wrongOrder]),
      ([lines[0], lines[1], lines[1]] + lines[2...], [.brokenChain, .wrongOrder]),
    ]
    for (number, each) in cases.enumerated() {
      let damaged = storage.copy()
      damaged[Self.manifest] = Array(each.lines.joined())
      let kinds = try Self.faults(of: damaged)
      for kind in each.kinds { #expect(kinds.contains(kind), "case \(number): \(kinds)") }
      #expect(throws: ArchiveError.self) { try ArchiveReader(storage: damaged) }
      let error = await #expect(throws: ArchiveError.self) {
        try await ArchiveSamples.backup(ArchiveSamples.events(40), to: damaged)
      }
      #expect(error?.code == .damaged)
    }
  }

  @Test("Lines cut off the end of a manifest are found by the head digest that was kept elsewhere")
  func wrongHead() async throws {
    let storage = try await Self.archive(events: 40)
    let head = try ArchiveReader(storage: storage).headDigest
    #expect(try ArchiveVerifier(storage: storage).verify(expectedHead: head).isSound)
    let lines = try #require(storage[Self.manifest]).split(separator: 0x0A).map { Array($0) + [0x0A] }
    storage[Self.manifest] = Array(lines.dropLast().joined())
    #expect(try ArchiveVerifier(storage: storage).verify(expectedHead: head).faults.map(\.kind) == [.wrongHead])
  }

  @Test("A head digest that was kept elsewhere is found again after the archive has grown, with a note")
  func earlierHead() async throws {
    let storage = try await Self.archive(events: 20)
    let head = try ArchiveReader(storage: storage).headDigest
    try await ArchiveSamples.backup(ArchiveSamples.events(40), to: storage)
    let report = try ArchiveVerifier(storage: storage).verify(expectedHead: head)
    #expect(report.isSound && report.headDigest != head)
    #expect(report.notes.contains { $0.contains("added to the manifest") })
    let other = SHA256Digest(of: [1])
    #expect(try ArchiveVerifier(storage: storage).verify(expectedHead: other).faults.map(\.kind) == [.wrongHead])
  }

  @Test("A newer format is refused by everybody, and nothing is changed", arguments: [true, false])
  func newerFormat(_ isFirstLine: Bool) async throws {
    let storage = try await Self.archive()
    let manifest = try #require(storage[Self.manifest])
    storage[Self.manifest] =
      isFirstLine
      ? Array(#"{"kind":"archive","version":2,"shape":"unheard of"}"#.utf8) + [0x0A]
      : manifest + Self.sealed(#"{"kind":"merge","prev":"\#(SHA256Digest(of: Self.lastLine(manifest)))""#)
    let before = storage[Self.manifest]
    let expected = ArchiveError.Code.newerFormat
    #expect(#expect(throws: ArchiveError.self) { try ArchiveReader(storage: storage) }?.code == expected)
    #expect(#expect(throws: ArchiveError.self) { try ArchiveVerifier(storage: storage).verify() }?.code == expected)
    let error = await #expect(throws: ArchiveError.self) {
      try await ArchiveSamples.backup(ArchiveSamples.events(20), to: storage)
    }
    #expect(error?.code == expected)
    #expect(storage[Self.manifest] == before)
  }

  private static func lastLine(_ manifest: [UInt8]) -> [UInt8] {
    (manifest.split(separator: 0x0A).last.map { Array($0) } ?? []) + [0x0A]
  }

  /// A manifest line with the digest of its content.
  private static func sealed(_ content: String) -> [UInt8] {
    Array("\(content),\"digest\":\"\(SHA256Digest(of: Array(content.utf8)))\"}\n".utf8)
  }

  @Test("Files that have no place in the archive are set aside, never removed")
  func setAside() async throws {
    let storage = try await Self.archive()
    let last = try #require(storage.paths.last { $0.hasSuffix(".zst") })
    let old = try #require(storage[Self.first])
    let next = "segments/00000099.ndjson.zst"
    storage[next] = old
    storage["segments/00000098.ndjson.zst.open"] = [1, 2, 3]
    // It has the next number, but its events are archived already.
    let successor = last.replacing(/\d{8}/) { String(format: "%08d", (Int($0.output) ?? 0) + 1) }
    storage[successor] = old
    let writer = try await ArchiveWriter.open(
      storage: storage, creating: ArchiveSamples.description, options: ArchiveSamples.options,
      now: ArchiveSamples.clock())
    try await writer.finish()
    #expect(writer.notes.count == 3)
    #expect(storage[next + ".aside"] == old)
    #expect(storage[successor + ".aside"] == old)
    #expect(storage["segments/00000098.ndjson.zst.open.aside"] == [1, 2, 3])
    #expect(try Self.faults(of: storage) == [])
    #expect(try ArchiveSamples.content(of: storage) == ArchiveSamples.events(20))
  }
}
