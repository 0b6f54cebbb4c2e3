import EventArchive
import EventStoreCore

extension ArchiveReader {
  /// Goes through the streams of the archive, sorted by name, a page at a time.
  ///
  /// - Parameter names: The streams to look for, which then are one page; nil for all.
  /// - Throws: `ArchiveError`, and what `body` throws.
  func forEachPage(
    _ pageSize: Int, of names: Set<StreamName>? = nil, _ body: ([StreamSummary]) throws -> Void
  ) throws {
    if let names { return try body(try streams(named: names)) }
    var last: StreamName?
    while true {
      let page = try streams(after: last, limit: pageSize)
      try body(page)
      guard page.count == pageSize else { return }
      last = page.last?.stream
    }
  }
}
