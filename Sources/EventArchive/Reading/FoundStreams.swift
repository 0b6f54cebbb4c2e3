internal import EventStoreCore

/// Remembers where a few streams are in an archive, from one look for them to the next.
///
/// Whoever restores one stream asks what there is of it, and then for its events: so the footers are read once. Bounded, and only
/// good for the archive as it was when its reader was made, which is all that a reader shows.
final class FoundStreams: Sendable {
  /// The most segments that are remembered; each takes some tens of kilobytes.
  static let maximumSegments = 64
  /// The most streams that are remembered.
  private static let maximumStreams = 1000

  private struct State {
    var names: Set<StreamName> = []
    var footers: [Int: SegmentFooter] = [:]
  }

  private let state = Locked(State())

  /// The footer of a segment, with at least these streams in its index; nil when it is not known.
  func footer(of record: SegmentRecord, holding wanted: WantedStreams) -> SegmentFooter? {
    state.withLock { $0.names.isSuperset(of: wanted.names) ? $0.footers[record.sequence] : nil }
  }

  /// Remembers these footers, whose indexes hold these streams, instead of those before.
  func keep(_ footers: [(record: SegmentRecord, footer: SegmentFooter)], holding wanted: WantedStreams) {
    guard wanted.names.count <= Self.maximumStreams else { return }
    let kept = footers.prefix(Self.maximumSegments).map { ($0.record.sequence, $0.footer) }
    state.withLock { $0 = State(names: wanted.names, footers: Dictionary(uniqueKeysWithValues: kept)) }
  }
}
