public import EventStoreCore

/// Reads an archive, without a lock and without ever changing it, also while it is written.
///
/// It shows the archive as it was when the reader was made. Calls block their thread while they read files.
/// (ARCHIVE-FORMAT, Reading.)
public struct ArchiveReader: Sendable {
  /// How far an archive reaches.
  public struct Checkpoint: Hashable, Sendable {
    /// Everything up to here is archived or was left out on purpose; nil when events have no positions.
    public var position: Position?
    /// When the archive got so far.
    public var recorded: Timestamp
  }

  /// What the archive is.
  public var description: ArchiveDescription { manifestFile.manifest.description }
  /// The sealed segments, in order.
  public var segments: [SegmentRecord] { manifestFile.manifest.segments }
  /// The segment that is still open, if there is one.
  public var openSegment: OpenSegment? { openFile?.summary }
  /// What is known to be missing.
  public var gaps: [ArchiveGap] { manifestFile.manifest.gaps }
  /// The SHA-256 of the manifest's last line.
  public var headDigest: SHA256Digest { manifestFile.headDigest }

  private let storage: any ArchiveStorage
  private let manifestFile: ManifestFile
  private let openFile: OpenSegmentFile?
  private let foundStreams = FoundStreams()

  /// Opens the archive in `directory`.
  ///
  /// - Throws: `notAnArchive`, `newerFormat`, `damaged`, and the storage's errors.
  public init(directory: String) throws(ArchiveError) {
    try self.init(storage: LocalStorage(directory: directory))
  }

  /// Opens the archive that `storage` holds; as `init(directory:)`.
  package init(storage: any ArchiveStorage) throws(ArchiveError) {
    self.storage = storage
    var manifestFile = try ManifestFile(reading: storage)
    while true {
      let sequence = manifestFile.manifest.lastSequence + 1
      if let open = try OpenSegmentFile(ArchiveLayout.open(sequence), of: manifestFile.manifest, in: storage) {
        openFile = open
        break
      }
      let newer = try ManifestFile(reading: storage)
      if newer.manifest.lastSequence == manifestFile.manifest.lastSequence {
        // A crash can come after a segment was finished and before the manifest names it.
        openFile = try OpenSegmentFile(ArchiveLayout.sealed(sequence), of: manifestFile.manifest, in: storage)
        break
      }
      // It was sealed since the manifest was read.
      manifestFile = newer
    }
    self.manifestFile = manifestFile
  }

  /// How far the archive reaches; nil when it is empty.
  public var checkpoint: Checkpoint? {
    if let openSegment, openSegment.events > 0 {
      return Checkpoint(position: openSegment.last?.position, recorded: openSegment.modified)
    }
    return manifestFile.manifest.reached.map {
      Checkpoint(position: manifestFile.manifest.resumePoint.checkpoint, recorded: $0)
    }
  }

  /// When the archive got so far, as its own content says: the same for every copy of it; nil when it is empty.
  package var reached: Timestamp? {
    [manifestFile.manifest.reached, openSegment?.last?.created].compactMap(\.self).max()
  }

  /// How far each stream is archived, by name; empty unless the scope is a list of streams.
  public var progress: [StreamProgress] {
    var resumePoint = manifestFile.manifest.resumePoint
    if let openFile { resumePoint.advance(to: openFile.tail) }
    return resumePoint.streams.values.sorted { $0.stream < $1.stream }
  }

  /// What is unusual but no fault, in sentences for people: an open segment, a torn tail.
  public var notes: [String] {
    var notes: [String] = []
    if manifestFile.tornBytes > 0 {
      notes.append("the manifest ends with \(manifestFile.tornBytes) bytes of an unfinished line")
    }
    if let openSegment {
      let state = openSegment.isFinished ? "finished but not yet recorded in the manifest" : "still open"
      notes.append("segment \(openSegment.sequence) is \(state), with \(openSegment.events) events")
      if openSegment.tornBytes > 0 {
        notes.append("segment \(openSegment.sequence) ends with \(openSegment.tornBytes) unfinished bytes")
      }
    }
    return notes
  }

  /// How many events the archive holds, those of the open segment too.
  public var eventCount: Int {
    segments.reduce(openSegment?.events ?? 0) { $0 + $1.events }
  }

  /// All events, in the archive's order.
  public func events() -> ArchiveCursor {
    ArchiveCursor(storage: storage, segments: segments, openSegment: openFile)
  }

  /// The events of some streams, in the archive's order, found by the stream indexes without reading the rest.
  public func events(of streams: Set<StreamName>) -> ArchiveCursor {
    ArchiveCursor(
      storage: storage, segments: segments, openSegment: openFile, only: WantedStreams(streams),
      foundBefore: foundStreams
    )
  }

  /// What the archive holds of these streams, sorted by name; nothing is said of those that it does not hold.
  ///
  /// Much faster than to look for them among all: the indexes are read once, and only what is wanted is kept.
  /// - Throws: `damaged`, and the storage's errors.
  public func streams(named names: Set<StreamName>) throws(ArchiveError) -> [StreamSummary] {
    let wanted = WantedStreams(names)
    var found = StreamSummaryPage(after: nil, limit: names.count)
    var footers: [(record: SegmentRecord, footer: SegmentFooter)] = []
    var rest = segments[...]
    while !rest.isEmpty {
      let records = Array(rest.prefix(Self.footersAtOnce))
      rest = rest.dropFirst(records.count)
      let read = Concurrently.map(records) { [storage] record in
        Result { () throws(ArchiveError) in try SealedSegmentFile.footer(of: record, in: storage, only: wanted) }
      }
      for (record, outcome) in zip(records, read) {
        guard let footer = try outcome.get() else { throw missing(record) }
        found.add(footer.index, only: wanted)
        if footers.count < FoundStreams.maximumSegments { footers.append((record, footer)) }
      }
    }
    foundStreams.keep(footers, holding: wanted)
    if let index = openFile?.index { found.add(index, only: wanted) }
    return found.summaries
  }

  /// What the archive holds of each stream, a page at a time: at most `limit` streams with names after `name`, sorted by name.
  ///
  /// Memory is bounded by `limit` and the index of one segment; every page reads every index.
  /// - Parameters:
  ///   - name: Where the page before ended; nil for the first page. A page shorter than `limit` is the last.
  ///   - limit: 1 or more.
  /// - Throws: `damaged`, and the storage's errors.
  public func streams(after name: StreamName? = nil, limit: Int = 100_000) throws(ArchiveError) -> [StreamSummary] {
    var page = StreamSummaryPage(after: name, limit: limit)
    for record in segments {
      guard let footer = try SealedSegmentFile.footer(of: record, in: storage) else { throw missing(record) }
      try SegmentContent.converting(storage.path(record.file)) { try page.add(footer) }
    }
    if let index = openFile?.index { page.add(index) }
    return page.summaries
  }

  /// How many footers are read at the same time, each of which can take some megabytes.
  private static let footersAtOnce = 4

  private func missing(_ record: SegmentRecord) -> ArchiveError {
    ArchiveError(
      .damaged, "a segment that the manifest names is missing", path: storage.path(record.file),
      segment: record.sequence)
  }
}
