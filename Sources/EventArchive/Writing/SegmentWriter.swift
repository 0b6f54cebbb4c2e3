internal import EventStoreCore

/// Writes frames to the open segment, seals it, and keeps the manifest. (ARCHIVE-FORMAT, Order of writing.)
///
/// After any error it must not be used again.
struct SegmentWriter {
  /// The file of the open segment.
  private struct OpenFile {
    var sequence: Int
    var file: any AppendableFile
    /// Whether something was appended that is not durable.
    var isDirty: Bool
  }

  private let storage: any ArchiveStorage
  private let anchorCount: Int
  private let manifestOutput: any AppendableFile
  private var manifestFile: ManifestFile
  private var open: OpenFile?
  private var tally: SegmentTally

  /// - Parameters:
  ///   - manifestOutput: The manifest, at its end.
  ///   - continued: The open segment, cut after its last whole frame; nil when there is none.
  init(
    storage: any ArchiveStorage, anchorCount: Int, manifestFile: ManifestFile, manifestOutput: any AppendableFile,
    continued: (file: any AppendableFile, tally: SegmentTally)?
  ) {
    self.storage = storage
    self.anchorCount = anchorCount
    self.manifestFile = manifestFile
    self.manifestOutput = manifestOutput
    open = continued.map {
      // What a crashed process wrote may not be durable yet.
      OpenFile(sequence: manifestFile.manifest.lastSequence + 1, file: $0.file, isDirty: true)
    }
    tally = continued?.tally ?? Self.emptyTally(manifestFile, anchorCount: anchorCount)
  }

  var location: String { storage.location }
  var manifest: Manifest { manifestFile.manifest }
  var headDigest: SHA256Digest { manifestFile.headDigest }
  /// The end of the events in the open segment.
  var tail: EventTail { tally.tail }

  /// Whether the open segment has got large enough to be sealed.
  func isFull(maximumBytes: Int) -> Bool {
    tally.compressedBytes >= maximumBytes || tally.index.isFull
  }

  /// Adds a frame, and the end of its events; not yet durable.
  mutating func append(_ frame: CompressedFrame, tail: EventTail) throws(ArchiveError) {
    let target: OpenFile
    if let open {
      target = open
    } else {
      let sequence = manifest.lastSequence + 1
      let file = try storage.create(ArchiveLayout.open(sequence))
      try storage.syncDirectory(ArchiveLayout.segments)
      target = OpenFile(sequence: sequence, file: file, isDirty: true)
      open = target
    }
    open?.isDirty = true
    try Self.append(frame.bytes, to: target.file)
    tally.append(frame, tail: tail)
  }

  /// Makes everything that was added durable.
  mutating func sync() throws(ArchiveError) {
    guard let target = open, target.isDirty else { return }
    try target.file.sync()
    open?.isDirty = false
  }

  /// Finishes the open segment and names it in the manifest; nil when there is none.
  mutating func seal(recorded: Timestamp) throws(ArchiveError) -> SegmentRecord? {
    guard let target = open, !tally.isEmpty else { return nil }
    let footer = try tally.footer()
    try Self.append(footer.bytes, to: target.file)
    try target.file.sync()
    target.file.close()
    let path = ArchiveLayout.sealed(target.sequence)
    try storage.rename(ArchiveLayout.open(target.sequence), to: path)
    try storage.syncDirectory(ArchiveLayout.segments)
    let sealed = tally.record(
      sequence: target.sequence, file: path, footer: footer.bytes, indexDigest: footer.indexDigest, recorded: recorded)
    try record(.segment(sealed))
    open = nil
    tally = Self.emptyTally(manifestFile, anchorCount: anchorCount)
    return sealed
  }

  /// Adds a line to the manifest, durably.
  mutating func record(_ entry: ManifestEntry) throws(ArchiveError) {
    let line: [UInt8]
    do {
      line = try manifestFile.append(entry)
    } catch {
      throw ArchiveError(
        .outOfOrder, "the manifest cannot take this: \(error.message)", path: storage.path(ArchiveLayout.manifest))
    }
    try Self.append(Bytes(line), to: manifestOutput)
    try manifestOutput.sync()
  }

  /// Frees the files.
  func close() {
    open?.file.close()
    manifestOutput.close()
  }

  private static func emptyTally(_ manifestFile: ManifestFile, anchorCount: Int) -> SegmentTally {
    SegmentTally(tail: EventTail(manifestFile.manifest.description.scope, anchorLimit: anchorCount))
  }

  private static func append(_ bytes: Bytes, to file: any AppendableFile) throws(ArchiveError) {
    try bytes.withUnsafeBytes { (memory) throws(ArchiveError) in try file.append(memory) }
  }
}
