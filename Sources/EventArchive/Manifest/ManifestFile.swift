/// A manifest as it was read from its file.
struct ManifestFile: Sendable {
  /// The most bytes that a manifest may have.
  static let maximumBytes = 1 << 30

  /// What the lines say.
  private(set) var manifest: Manifest
  /// The SHA-256 of the last line.
  private(set) var headDigest: SHA256Digest
  /// How many bytes the lines have.
  private(set) var soundBytes: Int
  /// What follows the last whole line.
  private(set) var tornBytes: Int

  /// A manifest of one line, the first, still to be written.
  init(creating description: ArchiveDescription) {
    let line = ManifestLine(.archive(description), after: .zero).encoded
    manifest = Manifest(description)
    headDigest = SHA256Digest(of: line)
    soundBytes = line.count
    tornBytes = 0
  }

  /// Reads the manifest of an archive.
  ///
  /// - Throws: `notAnArchive` when there is none, `damaged`, `newerFormat`, and the storage's errors.
  init(reading storage: any ArchiveStorage) throws(ArchiveError) {
    let path = storage.path(ArchiveLayout.manifest)
    let scan = ManifestScan(try Self.bytes(of: storage))
    guard let first = scan.lines.first else {
      throw ArchiveError(.damaged, "the manifest has no whole line", path: path)
    }
    guard case .archive(let description) = try Self.entry(first, path: path) else {
      throw ArchiveError(.damaged, "the manifest does not say what the archive is", path: path, line: 1)
    }
    manifest = Manifest(description)
    headDigest = first.digest
    for line in scan.lines.dropFirst() {
      let entry = try Self.entry(line, path: path)
      do {
        try manifest.apply(entry)
      } catch {
        throw ArchiveError(.damaged, "the manifest is damaged: \(error.message)", path: path, line: line.number)
      }
      headDigest = line.digest
    }
    soundBytes = scan.soundBytes
    tornBytes = scan.tornBytes
  }

  /// The bytes of an archive's manifest.
  ///
  /// - Throws: `notAnArchive` when there is none; `damaged` when there is none but there are segments, or it is too large.
  static func bytes(of storage: any ArchiveStorage) throws(ArchiveError) -> [UInt8] {
    guard let file = try storage.openForReading(ArchiveLayout.manifest) else {
      if try storage.list(ArchiveLayout.segments)?.contains(where: { ArchiveLayout.role($0) != .other }) == true {
        throw ArchiveError(.damaged, "the archive has segments but no manifest", path: storage.location)
      }
      throw ArchiveError(
        .notAnArchive, "there is no archive here", path: storage.location,
        hint: "check the path; `eventvault backup` makes archives")
    }
    defer { file.close() }
    let size = try file.size()
    guard size <= maximumBytes else {
      throw ArchiveError(.damaged, "the manifest is too large", path: storage.path(ArchiveLayout.manifest))
    }
    return Array(try file.bytes(at: 0, count: size))
  }

  private static func entry(_ line: ManifestScan.Line, path: String) throws(ArchiveError) -> ManifestEntry {
    switch line.outcome {
    case .success(let decoded):
      guard line.isChained else {
        throw ArchiveError(
          .damaged, "the manifest is damaged: a line does not follow from the one before it", path: path,
          line: line.number)
      }
      return decoded.entry
    case .failure(let failure) where failure.isNewer:
      throw ArchiveError(
        .newerFormat, failure.message, path: path, line: line.number, hint: "use a newer eventvault for this archive")
    case .failure(let failure):
      throw ArchiveError(.damaged, "the manifest is damaged: \(failure.message)", path: path, line: line.number)
    }
  }

  /// Takes in a line that is about to be written, and returns it.
  mutating func append(_ entry: ManifestEntry) throws(ManifestFailure) -> [UInt8] {
    try manifest.apply(entry)
    let line = ManifestLine(entry, after: headDigest).encoded
    headDigest = SHA256Digest(of: line)
    soundBytes += line.count
    return line
  }
}
