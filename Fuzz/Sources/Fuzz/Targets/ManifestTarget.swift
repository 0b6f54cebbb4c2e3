@testable import EventArchive
@testable import EventStoreCore

/// A manifest: read, or refused with the right error; and `verify` finds fault with what the reader refuses.
///
/// With a first byte that is even the lines that follow, each without its last members and the closing brace, are sealed with the
/// right digests: no fuzzer finds a SHA-256 itself; with 2, 6 and so on they are a `ManifestScript`. With an odd one the bytes are
/// the file.
enum ManifestTarget: FuzzTarget {
  static let name = "manifest"

  static func seeds(_ samples: Samples) throws -> [[UInt8]] {
    ManifestScript.samples.map { [2] + $0 }
      + SampleManifests.all.flatMap { lines in
        let text = Array(lines.joined(separator: "\n").utf8)
        // Short ones too, of the first line and one or two others: what is changed in them matters more often.
        var inputs: [[UInt8]] = [[0] + text, [1] + seal(text)]
        for short in lines.dropFirst().map({ [lines[0], $0] }) + [Array(lines.prefix(3))] {
          inputs.append([0] + Array(short.joined(separator: "\n").utf8))
        }
        return inputs
      }
  }

  static func run(_ input: [UInt8]) {
    guard let mode = input.first else { return }
    let content = input.dropFirst()
    let file =
      switch mode % 4 {
      case 0: seal(content)
      case 2: seal(Array(ManifestScript.lines(content).joined(separator: "\n").utf8))
      default: Array(content)
      }
    checkLines(file)
    let storage = ManifestStorage(manifest: file)
    let reading = Result { try ArchiveReader(storage: storage) }
    let verification = Result { try ArchiveVerifier(storage: storage).verify() }
    switch (reading, verification) {
    case (.success(let reader), .success(let report)):
      _ = (reader.eventCount, reader.notes)
      checkOrder(reader, ManifestScan(file))
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
    for line in file.split(separator: UInt8(ascii: "\n")) { checkJSON(line) }
  }

  /// What a manifest takes for JSON is JSON for the other parser too, and says the same; what is ASCII the other way round too.
  private static func checkJSON(_ line: ArraySlice<UInt8>) {
    let other = RawJSON(parsing: line)
    if let value = try? JSONParser.parse(line) {
      claim(other.map { value.says($0) } == true, "two parsers differ on what JSON says")
      claim(other?.repeatsNames == false, "a key that comes twice is taken")
    } else if let other, !other.repeatsNames, JSONDepth.of(line) < 32 {
      claim(!line.allSatisfy { $0 < 0x80 && $0 != UInt8(ascii: "\\") }, "JSON is refused")
    }
  }

  /// Segments follow each other, and the archive reaches to the end of the last.
  private static func checkOrder(_ reader: ArchiveReader, _ scan: ManifestScan) {
    let segments = reader.segments
    let neighbours = zip(segments, segments.dropFirst())
    claim(neighbours.allSatisfy { $0.sequence < $1.sequence }, "segments are not in order")
    let checkpoint = reader.checkpoint?.position
    let reached = reader.progress
    // What replaces a segment says of itself where it begins and ends, and the resume point stays.
    for case .success(let line) in scan.lines.map(\.outcome) {
      if case .rewrite = line.entry { return }
    }
    if reader.description.scope.isOrderedByPosition {
      let ends = segments.flatMap { [$0.first.position, $0.last.position] }.compactMap(\.self)
      claim(ends.count == 2 * segments.count && zip(ends, ends.dropFirst()).allSatisfy { $0 <= $1 }, "events go back")
      claim(neighbours.allSatisfy { $0.last.position != $1.first.position }, "an event is in two segments")
      claim(ends.last.map { $0 <= checkpoint ?? .start } ?? true, "the archive ends before its last segment")
    } else {
      var streams: [StreamName: StreamProgress] = [:]
      for progress in segments.flatMap(\.progress) {
        claim(streams[progress.stream].map { $0.number < progress.number } ?? true, "events of a stream go back")
        streams[progress.stream] = progress
      }
      claim(Set(reached) == Set(streams.values), "the streams reach somewhere else")
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
