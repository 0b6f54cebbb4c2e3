package import EventStoreCore

/// The lines of some bytes, without their LF; bytes after the last LF are the last line.
package struct Lines: Sequence, IteratorProtocol {
  private let content: Bytes
  /// Where the next line begins.
  package private(set) var offset = 0

  package init(_ content: Bytes) {
    self.content = content
  }

  package mutating func next() -> Bytes? {
    guard offset < content.count else { return nil }
    let start = offset
    let end = content.withUnsafeBytes { ByteSearch.firstLineFeed(in: $0, from: start) }
    offset = Swift.min(end + 1, content.count)
    return content.slice(start..<end)
  }
}
