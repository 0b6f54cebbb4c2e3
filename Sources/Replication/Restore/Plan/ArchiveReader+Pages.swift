import EventArchive
import EventStoreCore

extension ArchiveReader {
  /// Goes through the streams of the archive, sorted by name, a page at a time.
  /// - Throws: `ArchiveError`, and what `body` throws.
  func forEachPage(_ pageSize: Int, _ body: ([StreamSummary]) throws -> Void) throws {
    var last: StreamName?
    while true {
      let page = try streams(after: last, limit: pageSize)
      try body(page)
      guard page.count == pageSize else { return }
      last = page.last?.stream
    }
  }
}
