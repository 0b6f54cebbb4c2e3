import Foundation
import Testing

extension DamageLibraryTests.Damage {
  private static let manifest = "a/manifest.ndjson"

  private static func segment(_ number: Int) -> String { "a/segments/0000000\(number).ndjson.zst" }

  /// The open segment's path in the scratch directory.
  private static func open(_ scratch: Scratch) throws -> String {
    let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path("a/segments"))
    return "a/segments/" + (try #require(names.first { $0.hasSuffix(".open") }))
  }

  /// Changes the lines of the manifest, each with its line feed.
  private static func changeLines(_ scratch: Scratch, _ body: (inout [Data]) -> Void) throws {
    try scratch.change(manifest) { data in
      var lines = data.split(separator: 0x0A).map { $0 + Data([0x0A]) }
      body(&lines)
      data = Data(lines.joined())
    }
  }

  /// Changes a byte of a file, counted from its end when negative.
  private static func flip(_ path: String, at offset: Int) -> @Sendable (Scratch) throws -> Void {
    { try $0.change(path) { data in data[offset < 0 ? data.count + offset : offset] ^= 0x20 } }
  }

  static let library = ofManifest + ofSegments + ofOpenSegment + ofOthers

  private static let ofManifest = [
    Self(
      "a byte of the manifest's first line", verify: (14, "line 1"), restore: (14, "manifest"), flip(manifest, at: 60)),
    Self(
      "a byte of its last line", verify: (14, "manifest.ndjson, line 4"), restore: (14, "manifest"),
      flip(manifest, at: -100)),
    Self("a line of it taken out", verify: (14, "does not follow from the line before"), restore: (14, "manifest")) {
      try changeLines($0) { $0.remove(at: 2) }
    },
    Self("two lines of it exchanged", verify: (14, "does not follow from the line before"), restore: (14, "manifest")) {
      try changeLines($0) { $0.swapAt(1, 2) }
    },
    Self("a line of it twice", verify: (14, "does not follow from the line before"), restore: (14, "manifest")) {
      try changeLines($0) { $0.insert($0[1], at: 1) }
    },
    Self("its last line cut in the middle", verify: (0, "unfinished line"), restore: (0, "note: ")) {
      try $0.change(manifest) { $0.removeLast(50) }
    },
    Self("zeros behind its last line", verify: (0, "unfinished line"), restore: (0, "note: ")) {
      try $0.change(manifest) { $0.append(Data(count: 300)) }
    },
    Self("other text behind its last line", verify: (14, "not JSON"), restore: (14, "manifest")) {
      try $0.change(manifest) { $0.append(Data("hello\n".utf8)) }
    },
    Self("an empty manifest", verify: (14, "no whole line"), restore: (14, "manifest")) {
      try $0.change(manifest) { $0 = Data() }
    },
    Self("no manifest", verify: (14, "segments but no manifest"), restore: (14, "segments but no manifest")) {
      try FileManager.default.removeItem(atPath: $0.path(manifest))
    },
  ]

  private static let ofSegments = [
    Self(
      "a byte of a segment's first frame", verify: (14, "00000002.ndjson.zst, byte"), restore: (14, "00000002"),
      flip(segment(2), at: 40)),
    Self(
      "a byte of a segment's index", verify: (14, "the stream index"), restore: (14, "00000002"),
      flip(segment(2), at: -250)),
    Self("its last byte", verify: (14, "seek table"), restore: (14, "00000002"), flip(segment(2), at: -1)),
    Self("a segment cut by one byte", verify: (14, "bytes, the manifest says"), restore: (14, "00000002")) {
      try $0.change(segment(2)) { $0.removeLast() }
    },
    Self("an empty segment", verify: (14, "it has 0 bytes"), restore: (14, "00000002")) {
      try $0.change(segment(2)) { $0 = Data() }
    },
    Self("a byte more behind a segment", verify: (14, "bytes, the manifest says"), restore: (14, "00000002")) {
      try $0.change(segment(2)) { $0.append(0) }
    },
    Self("a block of zeros in a segment", verify: (14, "SHA-256"), restore: (14, "00000002")) {
      try $0.change(segment(2)) { $0.replaceSubrange(100..<612, with: Data(count: 512)) }
    },
    Self("a segment lost", verify: (14, "it is not there"), restore: (14, "00000002")) {
      try FileManager.default.removeItem(atPath: $0.path(segment(2)))
    },
    Self("two segments exchanged", verify: (14, "SHA-256"), restore: (14, "00000001")) { scratch in
      let files = FileManager.default
      try files.moveItem(atPath: scratch.path(segment(1)), toPath: scratch.path("x"))
      try files.moveItem(atPath: scratch.path(segment(2)), toPath: scratch.path(segment(1)))
      try files.moveItem(atPath: scratch.path("x"), toPath: scratch.path(segment(2)))
    },
    Self("a segment instead of another", verify: (14, "SHA-256"), restore: (14, "00000002")) { scratch in
      let first = try Data(contentsOf: scratch.url.appendingPathComponent(segment(1)))
      try scratch.change(segment(2)) { $0 = first }
    },
    Self("a directory in a segment's place", verify: (14, "00000002"), restore: (14, "00000002")) { scratch in
      try FileManager.default.removeItem(atPath: scratch.path(segment(2)))
      try FileManager.default.createDirectory(atPath: scratch.path(segment(2)), withIntermediateDirectories: false)
    },
  ]

  private static let ofOpenSegment = [
    Self("the open segment cut in its last frame", verify: (0, "unfinished bytes"), restore: (0, "note: ")) {
      try $0.change(open($0)) { $0.removeLast(7) }
    },
    Self("zeros behind the open segment", verify: (0, "unfinished bytes"), restore: (0, "note: ")) {
      try $0.change(open($0)) { $0.append(Data(count: 4096)) }
    },
    Self("a byte of the open segment's first frame", verify: (14, "byte 0"), restore: (14, ".open")) {
      try $0.change(open($0)) { $0[40] ^= 0x20 }
    },
    Self("the open segment lost, which nothing names yet", verify: (0, "sound"), restore: (0, "restored: ")) {
      try FileManager.default.removeItem(atPath: $0.path(open($0)))
    },
  ]

  private static let ofOthers = [
    Self("another file among the segments", verify: (0, "does not belong to the archive"), restore: (0, "restored: ")) {
      try Data("mine".utf8).write(to: $0.url.appendingPathComponent("a/segments/notes.txt"))
    },
    Self("other words in the lock file", verify: (0, "sound"), restore: (0, "restored: ")) {
      try $0.change("a/lock.json") { $0 = Data("hello".utf8) }
    },
    Self("no lock file", verify: (0, "sound"), restore: (0, "restored: ")) {
      try FileManager.default.removeItem(atPath: $0.path("a/lock.json"))
    },
    Self("no directory of segments", verify: (14, "it is not there"), restore: (14, "00000001")) {
      try FileManager.default.removeItem(atPath: $0.path("a/segments"))
    },
  ]
}
