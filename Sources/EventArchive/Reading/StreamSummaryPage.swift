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
    // Sorted by name: everything before the page can be skipped, and nothing after it matters.
    for stream in index.streams where wanted?.contains(stream.name) ?? true {
      if let start, stream.name <= start { continue }
      if let end, stream.name >= end { break }
      let span = stream.span
      if let before = found[stream.name] {
        if span.first <= before.lastNumber { disordered.insert(stream.name) }
        found[stream.name] = StreamSummary(
          stream: stream.name, events: before.events + span.events, firstNumber: before.firstNumber,
          lastNumber: span.last)
      } else {
        found[stream.name] = StreamSummary(
          stream: stream.name, events: span.events, firstNumber: span.first, lastNumber: span.last)
        if found.count / 2 >= limit { trim() }
      }
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
