internal import EventStoreCore

/// One verification under way: the manifest, then each segment, then what holds across segments.
struct Verification {
  private(set) var report = VerificationReport()

  private let storage: any ArchiveStorage
  private var manifest: Manifest?
  private var streamOrder = StreamOrderCheck()

  init(storage: any ArchiveStorage) {
    self.storage = storage
  }

  // MARK: The manifest

  /// Reads every line of the manifest.
  ///
  /// - Throws: `notAnArchive`, `newerFormat`, and the storage's errors.
  mutating func readManifest(expectedHead: SHA256Digest?) throws(ArchiveError) {
    let scan = ManifestScan(try ManifestFile.bytes(of: storage))
    for line in scan.lines { try take(line) }
    if scan.lines.isEmpty {
      fault(ArchiveFault(.badManifestLine, path: ArchiveLayout.manifest, line: 1, detail: "it has no whole line"))
    }
    if scan.tornBytes > 0 {
      report.notes.append("the manifest ends with \(scan.tornBytes) bytes of an unfinished line")
    }
    report.headDigest = scan.lines.last?.digest
    if let expectedHead { check(expectedHead, against: scan) }
  }

  /// Looks for the line that was the last one when its digest was kept; what was added since is chained to it.
  private mutating func check(_ expectedHead: SHA256Digest, against scan: ManifestScan) {
    guard let index = scan.lines.lastIndex(where: { $0.digest == expectedHead }) else {
      return fault(
        ArchiveFault(
          .wrongHead, path: ArchiveLayout.manifest,
          detail: "no line has the digest \(expectedHead), so it was changed or cut off since that was its head"))
    }
    let added = scan.lines.count - 1 - index
    if added > 0 {
      report.notes.append("\(added) lines were added to the manifest after the head digest that was given")
    }
  }

  private mutating func take(_ line: ManifestScan.Line) throws(ArchiveError) {
    func lineFault(_ kind: ArchiveFault.Kind, _ detail: String) -> ArchiveFault {
      ArchiveFault(kind, path: ArchiveLayout.manifest, line: line.number, offset: line.offset, detail: detail)
    }
    if !line.isChained { fault(lineFault(.brokenChain, "it does not follow from the line before it")) }
    switch line.outcome {
    case .failure(let failure) where failure.isNewer:
      throw ArchiveError(
        .newerFormat, failure.message, path: storage.path(ArchiveLayout.manifest), line: line.number,
        hint: "use a newer eventvault for this archive")
    case .failure(let failure): fault(lineFault(.badManifestLine, failure.message))
    case .success(let decoded):
      if line.number == 1, case .archive(let description) = decoded.entry {
        manifest = Manifest(description)
        report.description = description
        return
      }
      if manifest == nil {
        if line.number == 1 { fault(lineFault(.badManifestLine, "it does not say what the archive is")) }
        // So that the segments can be read all the same.
        manifest = Manifest(.unknown(like: decoded.entry))
      }
      do throws(ManifestFailure) {
        try manifest?.apply(decoded.entry)
      } catch {
        fault(lineFault(.wrongOrder, error.message))
        manifest?.accept(despiteFault: decoded.entry)
      }
    }
  }

  // MARK: The segments

  /// Reads every segment, the open one too.
  mutating func readSegments(progress: (ArchiveVerifier.Progress) -> Void) {
    guard let manifest else { return }
    var state = ArchiveVerifier.Progress(
      bytes: 0, totalBytes: manifest.segments.reduce(0) { $0 + $1.compressedBytes }, events: 0)
    var order = EventOrder(manifest.description.scope, after: ResumePoint())
    for record in manifest.segments {
      attempt(record.file) { (verification) throws(ArchiveError) in
        try verification.read(record, &order) { bytes, events in
          state.bytes += bytes
          state.events += events
          progress(state)
        }
      }
    }
    attempt(ArchiveLayout.segments) { (verification) throws(ArchiveError) in
      try verification.readOthers(manifest, order)
    }
  }

  private mutating func read(
    _ record: SegmentRecord, _ order: inout EventOrder, onFrame: (Int, Int) -> Void
  ) throws(ArchiveError) {
    guard let file = try storage.openForReading(record.file) else {
      return fault(ArchiveFault(.missingFile, path: record.file, detail: "the manifest names it, but it is not there"))
    }
    defer { file.close() }
    report.segments += 1
    let size = try file.size()
    if size != record.compressedBytes {
      fault(
        ArchiveFault(
          .wrongSize, path: record.file, detail: "it has \(size) bytes, the manifest says \(record.compressedBytes)"))
    }
    let tail = EventTail(scope, anchorLimit: record.anchors.count)
    var examination = SegmentExamination(path: record.file, scope: scope, order: order, tail: tail)
    try examination.read(file, onFrame: onFrame)
    let digest = try examination.digest(of: file, fileBytes: size)
    if digest != record.digest {
      fault(
        ArchiveFault(
          .wrongDigest, path: record.file, detail: "its SHA-256 is \(digest), the manifest says \(record.digest)"))
    }
    take(examination, fileBytes: size)
    order = examination.orderAfter
    let layout = examination.takeLayout()
    readFooter(of: record, file, size: size, against: examination, layout: layout)
    if examination.isComplete {
      for found in SegmentComparison.faults(record, against: examination.tally) { fault(found) }
    }
  }

  private mutating func readFooter(
    of record: SegmentRecord, _ file: any ReadableFile, size: Int, against examination: SegmentExamination,
    layout: [UInt8]?
  ) {
    let before = report.faults.count
    guard let footer = readFooter(record.file, file, size: size, against: examination, layout: layout) else { return }
    if footer.indexDigest != record.indexDigest {
      fault(
        ArchiveFault(
          .wrongDigest, path: record.file, offset: footer.dataBytes,
          detail: "the SHA-256 of its index is \(footer.indexDigest), the manifest says \(record.indexDigest)"))
    }
    guard examination.isComplete, report.faults.count == before else { return }
    do {
      try streamOrder.add(record, footer)
    } catch {
      preconditionFailure("the index describes the frames, so it is well formed")
    }
  }

  /// Compares a segment's footer with its frames; nil when there is none.
  private mutating func readFooter(
    _ path: String, _ file: any ReadableFile, size: Int, against examination: SegmentExamination, layout: [UInt8]?
  ) -> FooterContent? {
    do throws(ArchiveError) {
      let (footer, found) = try SegmentContent.converting(path) { () throws -> (FooterContent, [ArchiveFault]) in
        let footer = try FooterContent(fileBytes: size) { try file.bytes(at: $0, count: $1) }
        if examination.isComplete {
          return (footer, try SegmentComparison.faults(footer, path, examination.tally, layout: layout))
        }
        // That it is well formed is all that can be said.
        _ = try SegmentFooter(footer, only: WantedStreams([]))
        return (footer, [])
      }
      for each in found { fault(each) }
      return footer
    } catch {
      fault(ArchiveFault(.wrongIndex, path: path, offset: error.offset, detail: error.message))
      return nil
    }
  }

  /// Reads the open segment, and names files that do not belong to the archive.
  private mutating func readOthers(_ manifest: Manifest, _ order: EventOrder) throws(ArchiveError) {
    let named = Set(manifest.segments.map(\.file))
    let next = manifest.lastSequence + 1
    for name in try storage.list(ArchiveLayout.segments) ?? [] where !named.contains(ArchiveLayout.path(name)) {
      switch ArchiveLayout.role(name) {
      case .open(next): try readUnrecorded(ArchiveLayout.path(name), order, isFinished: false)
      case .sealed(next): try readUnrecorded(ArchiveLayout.path(name), order, isFinished: true)
      case .sealed, .open, .aside, .other: report.notes.append("\(name) does not belong to the archive")
      }
    }
  }

  /// Reads a segment that the manifest does not name yet. A finished one has its footer: that is durable before the name is.
  private mutating func readUnrecorded(_ path: String, _ order: EventOrder, isFinished: Bool) throws(ArchiveError) {
    guard let file = try storage.openForReading(path) else { return }
    defer { file.close() }
    let size = try file.size()
    var examination = SegmentExamination(
      path: path, scope: scope, order: order, tail: EventTail(scope, anchorLimit: 1))
    try examination.read(file) { _, _ in }
    take(examination, fileBytes: size)
    streamOrder.add(open: examination.tally.index.build())
    let state = isFinished ? "finished but not yet recorded" : "still open"
    report.notes.append("\(path) is \(state), with \(examination.tally.index.span?.events ?? 0) events")
    switch examination.end {
    case _ where isFinished:
      let layout = examination.takeLayout()
      _ = readFooter(path, file, size: size, against: examination, layout: layout)
    case .whole, .damaged: break
    case .footer(let offset), .torn(let offset):
      report.notes.append("\(path) ends with \(size - offset) unfinished bytes")
    }
  }

  private mutating func take(_ examination: SegmentExamination, fileBytes: Int) {
    for found in examination.faults { fault(found) }
    report.events += examination.tally.index.span?.events ?? 0
    report.rawBytes += examination.tally.rawBytes
    report.compressedBytes += fileBytes
  }

  // MARK: Across segments

  /// Checks that each stream's numbers increase from segment to segment.
  mutating func checkStreamOrder() {
    attempt(ArchiveLayout.segments) { (verification) throws(ArchiveError) in
      var streams: [StreamName] = []
      defer {
        for stream in streams {
          verification.fault(
            ArchiveFault(
              .wrongOrder, path: ArchiveLayout.segments,
              detail: "the numbers of the stream \(stream) go back from one segment to the next"))
        }
      }
      try verification.streamOrder.disorder(in: verification.storage) { streams.append($0) }
    }
  }

  // MARK: Faults

  private var scope: ArchiveScope { manifest?.description.scope ?? .all(includeSystem: true) }

  private mutating func fault(_ fault: ArchiveFault) {
    report.faults.append(fault)
  }

  /// Does `work`, and makes an error of the storage a fault.
  private mutating func attempt(_ path: String, _ work: (inout Verification) throws(ArchiveError) -> Void) {
    do throws(ArchiveError) {
      try work(&self)
    } catch {
      fault(ArchiveFault(.unreadable, path: path, detail: error.description))
    }
  }
}
