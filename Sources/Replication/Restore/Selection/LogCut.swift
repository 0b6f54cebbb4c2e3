import EventArchive
import EventStoreCore

/// Where a restore to a moment ends: before the commit at this position.
struct LogCut: Hashable, Sendable {
  /// Commits from here on are dropped.
  private(set) var firstDroppedCommit: Int64 = .max
  /// The last event kept; nil when none is.
  private(set) var lastKept: CutEdge?
  /// When the last event kept was created; nil when none is.
  private(set) var lastKeptCreated: Timestamp?
  /// The first event dropped; nil when none is.
  private(set) var firstDropped: CutEdge?

  /// Looks for the cut in the archive's order.
  ///
  /// - Throws: `ArchiveError`; `invalidArgument` when events have no positions, as in an archive of named streams.
  init(_ until: RestoreUntil, in archive: ArchiveReader) throws {
    var search = CutSearch(until)
    let cursor = archive.events()
    while let events = try cursor.nextBatch() {
      for event in events where try search.saw(event) {
        self.init(search)
        return
      }
    }
    self.init(search)
  }

  init(_ search: CutSearch) {
    firstDroppedCommit = search.firstDropped?.position?.commit ?? .max
    lastKept = search.lastKept.map(CutEdge.init)
    lastKeptCreated = search.lastKept?.created
    firstDropped = search.firstDropped.map(CutEdge.init)
  }

  /// Whether the event is before the cut.
  func keeps(_ event: RecordedEvent) -> Bool {
    (event.position?.commit ?? .min) < firstDroppedCommit
  }
}

/// Finds the first commit that a restore to a moment drops, event by event.
struct CutSearch: Sendable {
  private let until: RestoreUntil
  private var beforeCommit: RecordedEvent?
  private var firstOfCommit: RecordedEvent?
  private var last: RecordedEvent?
  /// The last event before the cut.
  private(set) var lastKept: RecordedEvent?
  /// The first event of the commit that is dropped; nil while it is not found.
  private(set) var firstDropped: RecordedEvent?

  init(_ until: RestoreUntil) {
    self.until = until
  }

  /// Takes the next event of the archive; whether the cut is found.
  ///
  /// A commit of several events is dropped when one of them is.
  /// - Throws: `invalidArgument` for an event without a position.
  mutating func saw(_ event: RecordedEvent) throws(ReplicationError) -> Bool {
    guard let position = event.position else {
      throw ReplicationError(
        .invalidArgument, "the archive holds single streams, whose events have no position, so it has no moments",
        hint: "restore to a moment needs an archive of $all")
    }
    if firstOfCommit?.position?.commit != position.commit {
      beforeCommit = last
      firstOfCommit = event
    }
    last = event
    let isBeyond =
      switch until {
      case .position(let limit): position.commit > limit.commit
      case .time(let limit): event.created > limit
      }
    lastKept = isBeyond ? beforeCommit : event
    if isBeyond { firstDropped = firstOfCommit }
    return isBeyond
  }
}
