@testable import EventArchive
@testable import EventStoreCore

/// A manifest: read, or refused with the right error; and `verify` finds fault with what the reader refuses.
///
/// With a first byte that is even the lines that follow, each without its last members and the closing brace, are sealed with the
/// right digests: no fuzzer finds a SHA-256 itself. With an odd one the bytes are the file.
enum ManifestTarget: FuzzTarget {
  static let name = "manifest"

  static func seeds(_ samples: Samples) throws -> [[UInt8]] {
    SampleManifests.all.flatMap { lines in
      let text = Array(lines.joined(separator: "\n").utf8)
      // Short ones too, of the first line and one other: what is changed in them matters more often.
      let pairs = lines.dropFirst().map { [0] + Array("\(lines[0])\n\($0)".utf8) }
      return [[0] + text, [1] + seal(text)] + pairs
    }
  }

  static func run(_ input: [UInt8]) {
    guard let mode = input.first else { return }
    let file = mode & 1 == 0 ? seal(input.dropFirst()) : Array(input.dropFirst())
    checkLines(file)
    let storage = ManifestStorage(manifest: file)
    let reading = Result { try ArchiveReader(storage: storage) }
    let verification = Result { try ArchiveVerifier(storage: storage).verify() }
    switch (reading, verification) {
    case (.success(let reader), .success(let report)):
      _ = (reader.eventCount, reader.checkpoint, reader.progress, reader.notes)
      // The segments are not there: that is told, and nothing worse.
      claim(report.faults.allSatisfy { $0.kind == .missingFile }, "verify finds fault with what can be read")
      claim(report.faults.count == reader.segments.count, "verify does not miss every segment")
    case (.failure(let error as ArchiveError), .success(let report)):
      claim(error.code == .damaged, "reading fails with \(error.code.rawValue), verify takes it")
      claim(!report.isSound, "verify finds nothing wrong with what cannot be read")
    case (.failure(let error as ArchiveError), .failure(let other as ArchiveError)):
      claim(other.code == .newerFormat, "verify fails with \(other.code.rawValue)")
      claim(error.code == .newerFormat || error.code == .damaged, "reading fails with \(error.code.rawValue)")
    case (.success, .failure(let error)), (.failure, .failure(let error)), (.failure(let error), .success):
      claim(false, "this should not end with \(error)")
    }
  }

  /// A line that is understood can be written, and is then understood alike.
  private static func checkLines(_ file: [UInt8]) {
    let scan = ManifestScan(file)
    claim(scan.soundBytes + scan.tornBytes == file.count, "the lines and the torn end are not the file")
    for case .success(let line) in scan.lines.map(\.outcome) {
      let encoded = line.encoded
      claim(encoded.last == UInt8(ascii: "\n") && !encoded.dropLast().contains(UInt8(ascii: "\n")), "not one line")
      let again = mustNotThrow("a line that was written cannot be read") {
        try ManifestLine(decoding: encoded.dropLast())
      }
      claim(again == line, "a line is another one after it was written")
    }
  }

  /// The file with these lines, each with the right `prev` and `digest`.
  private static func seal(_ lines: some Collection<UInt8>) -> [UInt8] {
    var file: [UInt8] = []
    var previous = SHA256Digest.zero
    for line in lines.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      let content = Array(line) + Array(",\"prev\":\"\(previous)\"".utf8)
      let sealed = content + Array(",\"digest\":\"\(SHA256Digest(of: content))\"}\n".utf8)
      previous = SHA256Digest(of: sealed)
      file += sealed
    }
    return file
  }
}
