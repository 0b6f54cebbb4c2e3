internal import EventStoreCore

/// Sums up the streams of many indexes, but only those of one page of names, in bounded memory.
struct StreamSummaryPage {
  private let start: StreamName?
  private let limit: Int
  /// Names from here on belong to later pages; nil while everything still fits.
  private var end: StreamName?
  private var found: [StreamName: StreamSummary] = [:]
  /// Streams whose numbers do not increase from one index to the next.
  private(set) var disordered: Set<StreamName> = []

  /// The page of up to `limit` names after `start`.
  init(after start: StreamName?, limit: Int) {
    self.start = start
    self.limit = max(limit, 1)
  }

  /// Takes in the index of the next segment; of it only the wanted streams, unless `wanted` is nil.
  mutating func add(_ index: StreamIndex, only wanted: WantedStreams? = nil) {
    for stream in index.streams where wanted?.contains(stream.name) ?? true { add(stream.name, stream.span) }
  }

  /// As `add(_:only:)`, of the footer of a segment, with all its streams.
  ///
  /// - Throws: `SegmentDamage` of code `index`; some of its streams may have been taken in then.
  mutating func add(_ footer: FooterContent) throws(SegmentDamage) {
    try footer.forEachStream { add($0.name, $0.span) }
  }

  private mutating func add(_ stream: StreamName, _ span: StreamSpan) {
    if let start, stream <= start { return }
    if let end, stream >= end { return }
    if let before = found[stream] {
      if span.first <= before.lastNumber { disordered.insert(stream) }
      found[stream] = StreamSummary(
        stream: stream, events: before.events + span.events, firstNumber: before.firstNumber, lastNumber: span.last)
    } else {
      found[stream] = StreamSummary(
        stream: stream, events: span.events, firstNumber: span.first, lastNumber: span.last)
      if found.count / 2 >= limit { trim() }
    }
  }

  /// The page, sorted by name.
  var summaries: [StreamSummary] {
    Array(found.values.sorted { $0.stream < $1.stream }.prefix(limit))
  }

  /// Forgets everything beyond the page: no later index can bring it back.
  private mutating func trim() {
    let names = found.keys.sorted()
    end = names[limit]
    for name in names[limit...] { found[name] = nil }
    disordered.formIntersection(names[..<limit])
  }
}
