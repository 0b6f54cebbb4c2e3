import EventArchive
import EventStoreCore

/// What a restore takes from an archive, found by its stream indexes before anything is written.
///
/// Holds only what is unusual: most streams begin at 0 and have no holes.
struct RestorePlan: Sendable {
  /// Which streams are taken.
  let scope: RestoreScope
  /// The events that the run goes through: those of streams that are taken, their metadata too.
  private(set) var totalEvents = 0
  /// Streams that do not begin at 0, have holes, or end with a tombstone.
  private(set) var irregular: [StreamName: StreamShape] = [:]
  /// Streams named by the user that the archive does not hold, sorted.
  private(set) var missing: [StreamName] = []
  /// System streams left out.
  private(set) var systemLeftOut = 0
  /// Hard-deleted streams left out.
  private(set) var hardDeletedLeftOut = 0
  /// Events of streams that were left out, without tombstones.
  private(set) var eventsLeftOut = 0
  /// Tombstones, none of which is restored.
  private(set) var tombstones = 0

  /// Reads the archive's indexes, and the events of the streams that are irregular.
  ///
  /// - Parameter pageSize: How many streams are looked at in one go.
  /// - Throws: `ArchiveError`.
  init(_ archive: ArchiveReader, scope: RestoreScope, pageSize: Int = 100_000) throws {
    self.scope = scope
    var missing = scope.named ?? []
    var last: StreamName?
    while true {
      let page = try archive.streams(after: last, limit: pageSize)
      for summary in page {
        missing.remove(summary.stream)
        if let described = summary.stream.describedStream { missing.remove(described) }
        add(summary)
      }
      guard page.count == pageSize else { break }
      last = page.last?.stream
    }
    self.missing = missing.sorted()
    try shapeIrregular(archive)
  }

  private mutating func add(_ summary: StreamSummary) {
    guard scope.takes(summary.stream) else {
      eventsLeftOut += summary.events
      if scope.named == nil, !summary.stream.isMetadataStream { systemLeftOut += 1 }
      return
    }
    totalEvents += summary.events
    let isRegular = summary.firstNumber == 0 && summary.lastNumber == EventNumber(summary.events) - 1
    // Metadata streams are written anew, and their numbers may change.
    if !isRegular, !summary.stream.isMetadataStream { irregular[summary.stream] = StreamShape() }
  }

  private mutating func shapeIrregular(_ archive: ArchiveReader) throws {
    guard !irregular.isEmpty else { return }
    var counts: [StreamName: Int] = [:]
    let cursor = archive.events(of: Set(irregular.keys))
    while let events = try cursor.nextBatch() {
      for event in events {
        irregular[event.stream]?.add(event)
        counts[event.stream, default: 0] += 1
      }
    }
    for (stream, shape) in irregular where shape.isHardDeleted {
      tombstones += 1
      totalEvents -= 1
      guard !takesEvents(of: stream) else { continue }
      hardDeletedLeftOut += 1
      let count = (counts[stream] ?? 1) - 1
      totalEvents -= count
      eventsLeftOut += count
    }
  }

  /// Whether the stream's events are written: it is taken, no metadata, and not hard-deleted unless it was named.
  func takesEvents(of stream: StreamName) -> Bool {
    guard scope.takes(stream), !stream.isMetadataStream else { return false }
    return scope.names(stream) || !(irregular[stream]?.isHardDeleted ?? false)
  }

  /// Whether the stream's metadata are written.
  func takesMetadata(_ stream: StreamName) -> Bool {
    guard let described = stream.describedStream, scope.takes(stream) else { return false }
    return scope.names(described) || !(irregular[described]?.isHardDeleted ?? false)
  }
}
