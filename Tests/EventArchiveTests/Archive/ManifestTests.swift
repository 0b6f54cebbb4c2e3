import EventArchive
import EventStoreCore
import TestSupport
import Testing

/// Manifests that nobody has written yet, and some that nobody would.
@Suite struct ManifestTests {
  private static let manifest = "manifest.ndjson"

  /// The manifest with one more line, whose members are these.
  private static func adding(_ members: String, to manifest: [UInt8]) -> [UInt8] {
    let last = (manifest.split(separator: 0x0A).last.map { Array($0) } ?? []) + [0x0A]
    let content = "{\(members),\"prev\":\"\(SHA256Digest(of: last))\""
    return manifest + Array("\(content),\"digest\":\"\(SHA256Digest(of: Array(content.utf8)))\"}\n".utf8)
  }

  /// Replaces the second segment by the same content in another file.
  private static func rewrite(_ storage: PowerCutStorage) throws -> (old: String, new: String) {
    let old = "segments/00000002.ndjson.zst"
    let new = "segments/00000002.r1.ndjson.zst"
    storage[new] = storage[old]
    let manifest = try #require(storage[manifest])
    let line = try #require(
      manifest.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }.first { $0.contains(old) })
    let record = try #require(line.firstRange(of: ",\"prev\""))
    let segment = line[..<record.lowerBound].replacing("\"kind\":\"segment\",", with: "").replacing(old, with: new)
    storage[Self.manifest] = adding(
      """
      "kind":"rewrite","firstReplaced":2,"lastReplaced":2,"segments":[\(segment)}],"reason":"a test",\
      "recorded":"2026-11-24T20:00:00.0000000Z"
      """, to: manifest)
    return (old, new)
  }

  @Test("After a rewrite the new file is read in the old one's place, and the next run removes the old one")
  func rewrite() async throws {
    let storage = PowerCutStorage()
    let events = ArchiveSamples.events(50)
    try await ArchiveSamples.backup(Array(events.prefix(40)), to: storage)
    let (old, new) = try Self.rewrite(storage)
    #expect(try ArchiveReader(storage: storage).segments[1].file == new)
    #expect(try ArchiveVerifier(storage: storage).verify().faults == [])
    #expect(try ArchiveSamples.content(of: storage) == Array(events.prefix(40)))
    try await ArchiveSamples.backup(events, to: storage)
    #expect(storage[old] == nil)
    #expect(try ArchiveSamples.content(of: storage) == events)
    #expect(try ArchiveVerifier(storage: storage).verify().notes == [])
  }

  @Test("A reader whose segment was rewritten away says to run again")
  func rewrittenWhileRead() async throws {
    let storage = PowerCutStorage()
    try await ArchiveSamples.backup(ArchiveSamples.events(40), to: storage)
    let cursor = try ArchiveReader(storage: storage).events()
    let (old, _) = try Self.rewrite(storage)
    storage[old] = nil
    let error = #expect(throws: ArchiveError.self) { try ArchiveSamples.all(cursor) }
    #expect(error?.code == .ioFailed)
    #expect(error?.hint == "run the same command again")
  }

  @Test("A file name that leads out of the archive is damage", arguments: ["../x", "a/../../x", "../x.ndjson.zst"])
  func pathsStayInside(_ name: String) async throws {
    let storage = PowerCutStorage()
    try await ArchiveSamples.backup(ArchiveSamples.events(3), to: storage)
    let lines = try #require(storage[Self.manifest]).split(separator: 0x0A)
    let line = String(decoding: lines[1], as: UTF8.self).replacing("00000001.ndjson.zst", with: name)
    let members = try #require(line.firstRange(of: ",\"prev\"")).lowerBound
    storage[Self.manifest] = Self.adding(String(line[..<members].dropFirst()), to: Array(lines[0]) + [0x0A])
    let error = #expect(throws: ArchiveError.self) { try ArchiveReader(storage: storage) }
    #expect(error?.code == .damaged)
    #expect(error?.message.contains("file") == true)
  }

  @Test(
    "Numbers beyond reason are damage, not a crash", arguments: ["sequence", "events", "compressedBytes", "rawBytes"])
  func hugeNumbers(_ key: String) async throws {
    let storage = PowerCutStorage()
    try await ArchiveSamples.backup(ArchiveSamples.events(3), to: storage)
    let lines = try #require(storage[Self.manifest]).split(separator: 0x0A)
    let line = String(decoding: lines[1], as: UTF8.self)
      .replacing(try Regex("\"\(key)\":[0-9]+"), with: "\"\(key)\":9223372036854775807")
    let members = try #require(line.firstRange(of: ",\"prev\"")).lowerBound
    storage[Self.manifest] = Self.adding(String(line[..<members].dropFirst()), to: Array(lines[0]) + [0x0A])
    #expect(#expect(throws: ArchiveError.self) { try ArchiveReader(storage: storage) }?.code == .damaged)
    #expect(try !ArchiveVerifier(storage: storage).verify().isSound)
  }

  @Test("Whatever stands in a manifest, nothing traps: it is read, or refused")
  func randomManifests() async throws {
    let storage = PowerCutStorage()
    try await ArchiveSamples.backup(ArchiveSamples.events(9), to: storage)
    let sound = try #require(storage[Self.manifest])
    var generator = SeededRandom(seed: 20_261_124)
    let alphabet = Array("{}[]\",:\\u0dtnfe-+.19\n\0".utf8) + [0xFF]
    for _ in 0..<1500 {
      var bytes = sound
      for _ in 0...Int(generator.next() % 4) {
        let place = Int(generator.next() % UInt64(bytes.count))
        switch generator.next() % 3 {
        case 0: bytes[place] = alphabet[Int(generator.next() % UInt64(alphabet.count))]
        case 1: bytes.remove(at: place)
        default: bytes.insert(alphabet[Int(generator.next() % UInt64(alphabet.count))], at: place)
        }
      }
      // With right digests, so that what is behind them is reached too.
      let lines = bytes.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
      var sealed: [UInt8] = []
      for line in lines {
        let end = line.firstRange(of: ",\"prev\"")?.lowerBound ?? line.endIndex
        sealed = Self.adding(String(line[..<end].dropFirst()), to: sealed)
      }
      for candidate in [bytes, sealed] {
        storage[Self.manifest] = candidate
        do {
          _ = try ArchiveReader(storage: storage).streams()
          _ = try ArchiveVerifier(storage: storage).verify()
        } catch {
          #expect([.damaged, .newerFormat].contains(error.code), "\(error)")
        }
      }
    }
  }
}
