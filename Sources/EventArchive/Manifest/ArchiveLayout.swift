/// The names of an archive's files. (ARCHIVE-FORMAT, Layout.)
enum ArchiveLayout {
  static let manifest = "manifest.ndjson"
  /// The manifest of an archive that is being created.
  static let newManifest = "manifest.ndjson.new"
  static let lock = "lock.json"
  static let segments = "segments"

  /// How the names of sealed segments end.
  static let sealedEnding = ".ndjson.zst"
  private static let openEnding = ".ndjson.zst.open"
  private static let asideEnding = ".aside"

  /// The file of a sealed segment.
  static func sealed(_ sequence: Int) -> String {
    path(number(sequence) + sealedEnding)
  }

  /// The file of the segment that is being written.
  static func open(_ sequence: Int) -> String {
    path(number(sequence) + openEnding)
  }

  /// Where a file of `segments` goes that does not belong to the archive; `attempt` from 1.
  static func aside(_ name: String, attempt: Int) -> String {
    path(name + asideEnding + (attempt == 1 ? "" : "-\(attempt)"))
  }

  /// The path of a file in `segments`.
  static func path(_ name: String) -> String {
    segments + "/" + name
  }

  /// What a name in `segments` says of its file.
  enum Role: Hashable {
    case sealed(Int)
    case open(Int)
    /// Set aside by a recovery.
    case aside
    case other
  }

  /// What a name in `segments` says of its file.
  static func role(_ name: String) -> Role {
    if let sequence = sequence(name, ending: sealedEnding) { return .sealed(sequence) }
    if let sequence = sequence(name, ending: openEnding) { return .open(sequence) }
    return name.contains(asideEnding) ? .aside : .other
  }

  /// Whether a path is that of a file directly in `segments`.
  static func isSegmentFile(_ path: String) -> Bool {
    guard path.hasPrefix(segments + "/"), path.hasSuffix(sealedEnding) else { return false }
    let name = path.dropFirst(segments.count + 1)
    return !name.contains("/") && !name.hasPrefix(".") && !name.utf8.contains(0)
  }

  private static func number(_ sequence: Int) -> String {
    let digits = String(sequence)
    return String(repeating: "0", count: max(8 - digits.count, 0)) + digits
  }

  private static func sequence(_ name: String, ending: String) -> Int? {
    guard name.hasSuffix(ending), let sequence = Int(name.dropLast(ending.count)), sequence > 0,
      name == number(sequence) + ending
    else { return nil }
    return sequence
  }
}
