internal import EventStoreCore

/// An archive that is ready to be written to.
struct OpenedArchive {
  var segments: SegmentWriter
  var resumePoint: ResumePoint
  var isNew: Bool
  var notes: [String]
  var lock: any ArchiveLock
}

/// Opens an archive for writing: creates it, or takes its lock and mends what a crash has left.
struct ArchiveOpening {
  let storage: any ArchiveStorage
  let options: ArchiveOptions
  let now: @Sendable () -> Timestamp

  /// Opens the archive, or creates it as `description`.
  ///
  /// - Throws: as `ArchiveWriter.open`.
  func open(creating description: ArchiveDescription) throws(ArchiveError) -> OpenedArchive {
    let isNew = try !isArchive()
    if isNew { try storage.prepare() }
    let lock = try storage.lock(
      ArchiveLayout.lock, owner: LockOwner.text(tool: description.tool, since: now()))
    do throws(ArchiveError) {
      // Somebody else may have created it before this process got the lock.
      return try isArchive()
        ? existing(description, lock: lock) : create(description, lock: lock)
    } catch {
      lock.release()
      throw error
    }
  }

  /// Whether there is an archive; false where one can be created.
  private func isArchive() throws(ArchiveError) -> Bool {
    guard let names = try storage.list("") else { return false }
    if names.contains(ArchiveLayout.manifest) { return true }
    let leftovers: Set = [ArchiveLayout.lock, ArchiveLayout.newManifest, ArchiveLayout.segments]
    if names.contains(where: { !leftovers.contains($0) }) {
      throw ArchiveError(
        .notAnArchive, "the directory is neither an archive nor empty", path: storage.location,
        hint: "give the archive a directory of its own")
    }
    if let segment = try storage.list(ArchiveLayout.segments)?.first {
      throw ArchiveError(
        .damaged, "the archive has segments but no manifest", path: storage.path(ArchiveLayout.path(segment)),
        hint: "bring manifest.ndjson back from a copy of the archive")
    }
    return false
  }

  private func create(
    _ description: ArchiveDescription, lock: any ArchiveLock
  ) throws(ArchiveError) -> OpenedArchive {
    try storage.makeDirectory(ArchiveLayout.segments)
    // Of a creation that was interrupted.
    if try storage.list("")?.contains(ArchiveLayout.newManifest) == true {
      try storage.remove(ArchiveLayout.newManifest)
    }
    let file = try storage.create(ArchiveLayout.newManifest)
    let line = ManifestLine(.archive(description), after: .zero).encoded
    try Bytes(line).withUnsafeBytes { (bytes) throws(ArchiveError) in try file.append(bytes) }
    try file.sync()
    try storage.rename(ArchiveLayout.newManifest, to: ArchiveLayout.manifest)
    try storage.syncDirectory("")
    let segments = SegmentWriter(
      storage: storage, anchorCount: options.anchorCount, manifestFile: ManifestFile(creating: description),
      manifestOutput: file, continued: nil)
    return OpenedArchive(segments: segments, resumePoint: ResumePoint(), isNew: true, notes: [], lock: lock)
  }

  private func existing(
    _ description: ArchiveDescription, lock: any ArchiveLock
  ) throws(ArchiveError) -> OpenedArchive {
    var manifestFile = try ManifestFile(reading: storage)
    let archived = manifestFile.manifest.description
    guard archived.scope == description.scope, archived.filter == description.filter else {
      throw ArchiveError(
        .scopeMismatch, "the archive holds \(archived.contents), not \(description.contents)", path: storage.location,
        hint: "run with the same streams and options as before, or use another directory")
    }
    let plan = try RecoveryInspection.plan(
      storage: storage, manifestFile: manifestFile, anchorCount: options.anchorCount, now: now())
    let manifestOutput = try mendManifest(plan, &manifestFile)
    let continued = try carryOut(plan, sequence: manifestFile.manifest.lastSequence + 1)
    var resumePoint = manifestFile.manifest.resumePoint
    if let tail = continued?.tally.tail { resumePoint.advance(to: tail) }
    let segments = SegmentWriter(
      storage: storage, anchorCount: options.anchorCount, manifestFile: manifestFile, manifestOutput: manifestOutput,
      continued: continued)
    return OpenedArchive(
      segments: segments, resumePoint: resumePoint, isNew: false, notes: plan.notes, lock: lock)
  }

  /// Cuts off a torn line, and names the segment that is taken in.
  private func mendManifest(
    _ plan: RecoveryPlan, _ manifestFile: inout ManifestFile
  ) throws(ArchiveError) -> any AppendableFile {
    let output = try storage.openForAppending(ArchiveLayout.manifest)
    if plan.cutsManifest { try output.truncate(to: manifestFile.soundBytes) }
    // Whole lines that a crashed process wrote may not be durable yet.
    try output.sync()
    guard let adopted = plan.adopted else { return output }
    let segment = try storage.openForAppending(adopted.file)
    defer { segment.close() }
    try segment.sync()
    try storage.syncDirectory(ArchiveLayout.segments)
    let line: [UInt8]
    do {
      line = try manifestFile.append(.segment(adopted))
    } catch {
      throw ArchiveError(.damaged, error.message, path: storage.path(adopted.file), segment: adopted.sequence)
    }
    try Bytes(line).withUnsafeBytes { (bytes) throws(ArchiveError) in try output.append(bytes) }
    try output.sync()
    return output
  }

  private func carryOut(
    _ plan: RecoveryPlan, sequence: Int
  ) throws(ArchiveError) -> (file: any AppendableFile, tally: SegmentTally)? {
    for name in plan.setAside { try setAside(name) }
    for path in plan.removed { try storage.remove(path) }
    if !plan.setAside.isEmpty || !plan.removed.isEmpty { try storage.syncDirectory(ArchiveLayout.segments) }
    guard let continued = plan.continued else {
      // A crash may have come before the directory was made.
      try storage.makeDirectory(ArchiveLayout.segments)
      return nil
    }
    let file = try storage.openForAppending(ArchiveLayout.open(sequence))
    if continued.mustCut { try file.truncate(to: continued.tally.compressedBytes) }
    // The events that the run continues after must be as durable as those that follow.
    try file.sync()
    try storage.syncDirectory(ArchiveLayout.segments)
    return (file, continued.tally)
  }

  private func setAside(_ name: String) throws(ArchiveError) {
    let taken = Set(try storage.list(ArchiveLayout.segments) ?? [])
    var attempt = 1
    while taken.contains(where: { ArchiveLayout.path($0) == ArchiveLayout.aside(name, attempt: attempt) }) {
      attempt += 1
    }
    try storage.rename(ArchiveLayout.path(name), to: ArchiveLayout.aside(name, attempt: attempt))
  }
}

extension ResumePoint {
  /// Takes in the end of the open segment.
  mutating func advance(to tail: EventTail) {
    if let position = tail.position { checkpoint = position }
    anchors = Anchor.newest(tail.anchors + anchors, limit: .max)
    streams.merge(tail.progress) { $1 }
  }
}
