internal import EventStoreCore

/// Reads an archive and plans its recovery; changes nothing.
struct RecoveryInspection {
  private let storage: any ArchiveStorage
  private let manifestFile: ManifestFile
  private let anchorCount: Int
  private let now: Timestamp
  private var plan = RecoveryPlan()
  private var order: EventOrder

  /// Plans the recovery of an archive.
  ///
  /// - Throws: `damaged` when something is missing, or broken otherwise than a crash breaks it; the storage's errors.
  static func plan(
    storage: any ArchiveStorage, manifestFile: ManifestFile, anchorCount: Int, now: Timestamp
  ) throws(ArchiveError) -> RecoveryPlan {
    var inspection = RecoveryInspection(
      storage: storage, manifestFile: manifestFile, anchorCount: anchorCount, now: now)
    try inspection.inspect()
    return inspection.plan
  }

  private init(storage: any ArchiveStorage, manifestFile: ManifestFile, anchorCount: Int, now: Timestamp) {
    self.storage = storage
    self.manifestFile = manifestFile
    self.anchorCount = anchorCount
    self.now = now
    order = EventOrder(manifestFile.manifest.description.scope, after: manifestFile.manifest.resumePoint)
  }

  private var manifest: Manifest { manifestFile.manifest }
  private var next: Int { manifest.lastSequence + 1 }

  private mutating func inspect() throws(ArchiveError) {
    if manifestFile.tornBytes > 0 {
      plan.cutsManifest = true
      plan.notes.append("cut \(manifestFile.tornBytes) bytes of an unfinished line off the manifest")
    }
    let names = try storage.list(ArchiveLayout.segments) ?? []
    let named = Set(manifest.segments.map(\.file))
    if let missing = manifest.segments.first(where: { !names.map(ArchiveLayout.path).contains($0.file) }) {
      throw ArchiveError(
        .damaged, "a segment that the manifest names is missing", path: storage.path(missing.file),
        segment: missing.sequence, hint: "bring the file back from a copy of the archive")
    }
    for segment in manifest.segments { try checkSize(of: segment) }
    let others = names.filter { !named.contains(ArchiveLayout.path($0)) }
    // A finished segment comes before the open one that could follow it.
    for name in others where ArchiveLayout.role(name) == .sealed(next) { try inspectSealed(name) }
    for name in others {
      switch ArchiveLayout.role(name) {
      case .sealed(next): break
      case .open(next) where plan.adopted == nil: try inspectOpen(name)
      case .sealed, .open: dispose(of: name)
      case .aside, .other: break
      }
    }
  }

  /// An archive with a segment that was cut off is not added to as if it were whole. Only the sizes are looked at here: the
  /// bytes are verify's work.
  private func checkSize(of segment: SegmentRecord) throws(ArchiveError) {
    guard let file = try storage.openForReading(segment.file) else { return }
    defer { file.close() }
    try segment.checkSize(try file.size(), path: storage.path(segment.file))
  }

  /// Adopts a finished segment that lacks only its line in the manifest, if it is whole and continues the archive.
  private mutating func inspectSealed(_ name: String) throws(ArchiveError) {
    let path = ArchiveLayout.path(name)
    guard let file = try storage.openForReading(path) else { return }
    defer { file.close() }
    var order = order
    do throws(ArchiveError) {
      let content = try SegmentContent(of: file, path: storage.path(path), order: &order, tail: emptyTail)
      guard let record = try record(of: content, file: file, path: path) else { return setAside(name) }
      plan.adopted = record
      plan.notes.append("took in segment \(next), which was finished but not yet recorded")
    } catch {
      guard error.code == .damaged else { throw error }
      setAside(name)
    }
  }

  /// What the manifest would say of a finished segment; nil when its footer is not that of its frames.
  private func record(
    of content: SegmentContent, file: any ReadableFile, path: String
  ) throws(ArchiveError) -> SegmentRecord? {
    guard case .footer(let offset) = content.end, !content.tally.isEmpty else { return nil }
    let (footer, faults) = try SegmentContent.converting(storage.path(path)) {
      let footer = try FooterContent(fileBytes: content.fileBytes) { try file.bytes(at: $0, count: $1) }
      let faults = try SegmentComparison.faults(
        footer, path, content.tally, layout: content.tally.index.layout())
      return (footer, faults)
    }
    guard faults.isEmpty else { return nil }
    return content.tally.record(
      sequence: next, file: path, footer: try file.bytes(at: offset, count: content.fileBytes - offset),
      indexDigest: footer.indexDigest, recorded: now)
  }

  /// Continues the open segment after its last whole frame.
  private mutating func inspectOpen(_ name: String) throws(ArchiveError) {
    let path = ArchiveLayout.path(name)
    guard let file = try storage.openForReading(path) else { return }
    defer { file.close() }
    let content = try SegmentContent(of: file, path: storage.path(path), order: &order, tail: emptyTail)
    if case .damaged(let damage) = content.end {
      throw ArchiveError(
        .damaged, "the open segment is damaged: \(damage.message)", path: storage.path(path), segment: next,
        offset: damage.offset,
        hint: "this is not what a crash leaves; the file was kept as it is: move it away to go on without its events")
    }
    let extra = content.fileBytes - content.tally.compressedBytes
    if content.tally.isEmpty {
      plan.removed.append(path)
      if extra > 0 { plan.notes.append("removed the open segment \(next), which had no whole frame") }
    } else {
      plan.continued = RecoveryPlan.Continuation(tally: content.tally, mustCut: extra > 0)
      if extra > 0 { plan.notes.append("cut \(extra) unfinished bytes off the open segment \(next)") }
      let events = content.tally.index.span?.events ?? 0
      plan.notes.append("continued the open segment \(next), which holds \(events) events")
    }
  }

  private var emptyTail: EventTail {
    EventTail(manifest.description.scope, anchorLimit: anchorCount)
  }

  /// A file that has no place in the archive: removed if a rewrite has replaced it, else set aside.
  private mutating func dispose(of name: String) {
    if manifest.replacedFiles.contains(ArchiveLayout.path(name)) {
      plan.removed.append(ArchiveLayout.path(name))
      plan.notes.append("removed \(name), which a rewrite has replaced")
    } else {
      setAside(name)
    }
  }

  private mutating func setAside(_ name: String) {
    plan.setAside.append(name)
    plan.notes.append("set \(name) aside: it is not part of the archive")
  }
}
