import EventArchive
import EventStoreCore
import Testing

/// One small archive of two sealed segments and an open one, and every single bit of it flipped in turn.
///
/// The lock file is left out: nobody reads what is in it, but people.
@Suite struct EveryBitTests {
  private static let lock = "lock.json"
  private static let events = ArchiveSamples.events(7)

  private static func archive() async throws -> PowerCutStorage {
    let storage = PowerCutStorage()
    for (range, isSealed) in [(0..<2, true), (2..<4, true), (4..<7, false)] {
      let writer = try await ArchiveWriter.open(
        storage: storage, creating: ArchiveSamples.description,
        options: ArchiveOptions(
          compressionLevel: 1, compressionWorkers: 1, maximumFrameBytes: 450, maximumSegmentBytes: 1 << 20,
          anchorCount: 1),
        now: ArchiveSamples.clock())
      for event in events[range] { try await writer.append([event]) }
      if isSealed {
        try await writer.finish()
      } else {
        try await writer.sync()
        await writer.abandon()
      }
    }
    return storage
  }

  /// What is said of an archive.
  private enum Finding: Hashable {
    /// `verify` reports a fault, or refuses the archive.
    case fault
    /// `verify` says that the file's end was never finished, as after a crash.
    case unfinished
    /// Nothing; and the events are what they were.
    case sameEvents
    /// Nothing, and the events are others.
    case wrongEvents
  }

  private static func finding(_ storage: PowerCutStorage) -> Finding {
    do {
      let report = try ArchiveVerifier(storage: storage).verify()
      if !report.isSound { return .fault }
      if report.notes.contains(where: { $0.contains("unfinished") }) { return .unfinished }
      return try ArchiveSamples.content(of: storage) == events ? .sameEvents : .wrongEvents
    } catch {
      return .fault
    }
  }

  /// Flips each bit of a file in turn, on both halves of the file at once, and says which finding how many have.
  private static func findings(_ storage: PowerCutStorage, _ path: String) async throws -> [Finding: [Int]] {
    let sound = try #require(storage[path])
    return await withTaskGroup(of: [Finding: [Int]].self) { group in
      for half in 0..<2 {
        let copy = storage.copy()
        group.addTask {
          var found: [Finding: [Int]] = [:]
          for bit in sound.indices.lazy.flatMap({ byte in (0..<8).map { byte * 8 + $0 } }) where bit / 8 % 2 == half {
            copy[path]?[bit / 8] ^= 1 << UInt8(bit % 8)
            found[finding(copy), default: []].append(bit)
            copy[path]?[bit / 8] ^= 1 << UInt8(bit % 8)
          }
          return found
        }
      }
      return await group.reduce(into: [:]) { $0.merge($1) { $0 + $1 } }
    }
  }

  @Test("The archive is what it should be: sound, with sealed segments and an open one, all holding events")
  func undisturbed() async throws {
    let storage = try await Self.archive()
    #expect(storage.paths.count { $0.hasSuffix(".zst") } == 2)
    #expect(storage.paths.count { $0.hasSuffix(".open") } == 1)
    #expect(storage.paths.count == 5)
    let reader = try ArchiveReader(storage: storage)
    #expect(reader.openSegment != nil)
    #expect(Self.finding(storage) == .sameEvents)
  }

  @Test("Every flipped bit of the manifest and of the sealed segments is found as a fault")
  func sealedFiles() async throws {
    let storage = try await Self.archive()
    for path in storage.paths where path != Self.lock && !path.hasSuffix(".open") {
      let findings = try await Self.findings(storage, path)
      let others = findings.filter { $0.key != .fault }
      #expect(others.isEmpty, "\(path): \(others)")
      #expect(try findings[.fault]?.count == #require(storage[path]).count * 8)
    }
  }

  @Test(
    "A flipped bit of the open segment is found, or makes its last frame one that was never finished, or is harmless")
  func openSegment() async throws {
    let storage = try await Self.archive()
    let path = try #require(storage.paths.last { $0.hasSuffix(".open") })
    let findings = try await Self.findings(storage, path)
    let bits = try #require(storage[path]).count * 8
    #expect(findings[.wrongEvents] == nil)
    #expect(findings.values.reduce(0) { $0 + $1.count } == bits)
    // Some flips change how zstd says something but not what it says, such as a bit of a header that no decoder looks at: the
    // frame's checksum holds, and so does every event.
    #expect((findings[.sameEvents] ?? []).count * 100 < bits, "\(findings[.sameEvents] ?? [])")
    #expect((findings[.fault] ?? []).count > 0 && (findings[.unfinished] ?? []).count > 0)
  }

  @Test("A flipped bit of a finished segment that the manifest does not name yet is found, its footer's too")
  func unrecordedSegment() async throws {
    let storage = try await Self.archive()
    storage[try #require(storage.paths.last { $0.hasSuffix(".open") })] = nil
    let manifest = try #require(storage["manifest.ndjson"])
    let lines = manifest.split(separator: UInt8(ascii: "\n"))
    storage["manifest.ndjson"] = Array(lines.dropLast().joined(separator: [UInt8(ascii: "\n")])) + [UInt8(ascii: "\n")]
    let path = try #require(storage.paths.last { $0.hasSuffix(".zst") })
    let report = try ArchiveVerifier(storage: storage).verify()
    #expect(report.isSound && report.notes.contains { $0.contains("finished but not yet recorded, with 2 events") })

    let sound = try #require(storage[path])
    let copy = storage.copy()
    var harmless: [Int] = []
    for bit in 0..<sound.count * 8 {
      copy[path]?[bit / 8] ^= 1 << UInt8(bit % 8)
      if try ArchiveVerifier(storage: copy).verify().isSound { harmless.append(bit) }
      copy[path]?[bit / 8] ^= 1 << UInt8(bit % 8)
    }
    // No digest of the index's own bytes is recorded yet: a bit of its header that no decoder looks at changes nothing.
    #expect(harmless.count * 100 < sound.count * 8, "\(harmless)")
    copy[path] = Array(sound.dropLast())
    #expect(try ArchiveVerifier(storage: copy).verify().faults.map(\.kind) == [.wrongIndex])
  }
}
