/// The lines of a manifest file, the good and the bad, and its torn end.
struct ManifestScan: Sendable {
  /// One line.
  struct Line: Sendable {
    /// Its number, from 1.
    var number: Int
    /// Where it begins.
    var offset: Int
    /// The SHA-256 of the line with its LF.
    var digest: SHA256Digest
    /// What it says, or why it says nothing.
    var outcome: Result<ManifestLine, ManifestFailure>
    /// Whether `prev` is the digest of the line before.
    var isChained: Bool
  }

  /// The lines up to the torn end.
  private(set) var lines: [Line] = []
  /// How many bytes the lines have: where the next one goes.
  private(set) var soundBytes = 0
  /// What follows them: a line that was not wholly written, to be cut off.
  private(set) var tornBytes = 0

  init(_ bytes: [UInt8]) {
    var previous = SHA256Digest.zero
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n"))
      let content = bytes[start..<(end ?? bytes.count)]
      let isLast = end == nil || end == bytes.count - 1
      if isLast, Self.isTorn(content, hasLineFeed: end != nil) { break }
      let next = end.map { $0 + 1 } ?? bytes.count
      let digest = SHA256Digest(of: bytes[start..<next])
      let outcome = Self.decode(content, hasLineFeed: end != nil)
      let isChained =
        switch outcome {
        case .success(let line): line.previous == previous
        case .failure: true
        }
      lines.append(
        Line(number: lines.count + 1, offset: start, digest: digest, outcome: outcome, isChained: isChained))
      previous = digest
      start = next
    }
    soundBytes = start
    tornBytes = bytes.count - start
  }

  /// Whether the last line is what a crash while it was written leaves: a beginning, or a hole of bytes that never arrived.
  ///
  /// A whole line whose LF has become something else is damage.
  private static func isTorn(_ content: ArraySlice<UInt8>, hasLineFeed: Bool) -> Bool {
    if hasLineFeed { return zip(content, content.dropFirst()).contains { $0 == 0 && $1 == 0 } }
    return !ManifestLine.isIntact(content.dropLast())
  }

  private static func decode(_ content: ArraySlice<UInt8>, hasLineFeed: Bool) -> Result<ManifestLine, ManifestFailure> {
    guard hasLineFeed else { return .failure(ManifestFailure("another byte stands where it should end")) }
    do throws(ManifestFailure) {
      return .success(try ManifestLine(decoding: content))
    } catch {
      return .failure(error)
    }
  }
}
