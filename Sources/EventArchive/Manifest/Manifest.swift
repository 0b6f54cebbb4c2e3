internal import EventStoreCore

/// What all lines of a manifest together say. (ARCHIVE-FORMAT, Manifest.)
struct Manifest: Sendable {
  /// How many anchors are kept.
  private static let maximumAnchors = 32

  /// What the archive is.
  let description: ArchiveDescription
  /// The segments that belong to the archive, in order.
  private(set) var segments: [SegmentRecord] = []
  /// The newest checkpoint line.
  private(set) var checkpoint: CheckpointRecord?
  /// What is known to be missing.
  private(set) var gaps: [ArchiveGap] = []
  /// Files that a rewrite has taken out of the archive.
  private(set) var replacedFiles: Set<String> = []
  /// The highest sequence that was ever given; 0 before the first.
  private(set) var lastSequence = 0
  /// Where the next run continues.
  private(set) var resumePoint = ResumePoint()
  /// When the archive got there; nil for an archive without events and checkpoints.
  private(set) var reached: Timestamp?

  init(_ description: ArchiveDescription) {
    self.description = description
  }

  /// Takes in the next line.
  mutating func apply(_ entry: ManifestEntry) throws(ManifestFailure) {
    switch entry {
    case .archive: throw ManifestFailure("only the first line says what the archive is")
    case .segment(let record): try apply(record)
    case .checkpoint(let record): try apply(record)
    case .gap(let gap): gaps.append(gap)
    case .rewrite(let record): try apply(record)
    }
  }

  private mutating func apply(_ record: SegmentRecord) throws(ManifestFailure) {
    guard record.sequence == lastSequence + 1 else {
      throw ManifestFailure("segment \(record.sequence) cannot follow segment \(lastSequence)")
    }
    if description.scope.isOrderedByPosition {
      guard let first = record.first.position, let last = record.last.position, first <= last else {
        throw ManifestFailure("segment \(record.sequence) does not say where it begins and ends")
      }
      if let checkpoint = resumePoint.checkpoint, first <= checkpoint {
        throw ManifestFailure("segment \(record.sequence) begins before the end of what precedes it")
      }
      resumePoint.checkpoint = last
      keep(record.anchors)
    } else {
      guard !record.progress.isEmpty else {
        throw ManifestFailure("segment \(record.sequence) does not say how far its streams reach")
      }
      for progress in record.progress {
        if let before = resumePoint.streams[progress.stream], progress.number <= before.number {
          throw ManifestFailure("segment \(record.sequence) repeats events of the stream \(progress.stream)")
        }
        resumePoint.streams[progress.stream] = progress
      }
    }
    segments.append(record)
    lastSequence = record.sequence
    reached = record.recorded
  }

  private mutating func apply(_ record: CheckpointRecord) throws(ManifestFailure) {
    guard description.scope.isOrderedByPosition else {
      throw ManifestFailure("an archive of single streams has no checkpoint")
    }
    if let before = resumePoint.checkpoint, record.position < before {
      throw ManifestFailure("the checkpoint lies before the end of the archive")
    }
    resumePoint.checkpoint = record.position
    keep(record.anchors)
    checkpoint = record
    reached = record.recorded
  }

  private mutating func apply(_ record: RewriteRecord) throws(ManifestFailure) {
    let replaced = segments.filter { record.replaced.contains($0.sequence) }
    let sequences = record.segments.map(\.sequence)
    guard let first = segments.firstIndex(where: { record.replaced.contains($0.sequence) }),
      record.replaced.upperBound <= lastSequence
    else { throw ManifestFailure("no segment is there that could be replaced") }
    guard sequences.allSatisfy(record.replaced.contains), zip(sequences, sequences.dropFirst()).allSatisfy({ $0 < $1 })
    else { throw ManifestFailure("the segments do not fit in the place of those they replace") }
    let files = Set(record.segments.map(\.file))
    guard files.count == record.segments.count, files.isDisjoint(with: segments.map(\.file)) else {
      throw ManifestFailure("a replacing segment has the file of another segment")
    }
    segments.replaceSubrange(first..<first + replaced.count, with: record.segments)
    replacedFiles.formUnion(replaced.map(\.file))
  }

  /// Takes in a line that does not follow from those before it, so that what it names is verified all the same.
  mutating func accept(despiteFault entry: ManifestEntry) {
    switch entry {
    case .segment(let record):
      segments.append(record)
      lastSequence = max(lastSequence, record.sequence)
      resumePoint.checkpoint = record.last.position ?? resumePoint.checkpoint
    case .archive, .checkpoint, .gap, .rewrite: break
    }
  }

  private mutating func keep(_ anchors: [Anchor]) {
    resumePoint.anchors = Anchor.newest(anchors + resumePoint.anchors, limit: Self.maximumAnchors)
  }
}

extension Anchor {
  /// The newest anchors, newest first, each position once.
  static func newest(_ anchors: [Anchor], limit: Int) -> [Anchor] {
    var seen: Set<Position> = []
    let distinct = anchors.filter { seen.insert($0.position).inserted }
    return Array(distinct.sorted { $0.position > $1.position }.prefix(limit))
  }
}
