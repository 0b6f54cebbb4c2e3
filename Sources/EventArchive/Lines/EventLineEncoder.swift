package import EventStoreCore

/// Writes events as lines of a segment (ARCHIVE-FORMAT.md, "A line").
package struct EventLineEncoder {
  /// The most bytes that a line may have, without its LF.
  package static let maximumLineBytes = 256 << 20

  package init() {}

  /// Appends the line of `event`, with its LF, to `buffer`; nothing when it throws.
  package mutating func append(_ event: RecordedEvent, to buffer: LineBuffer) throws(LineRefusal) {
    fatalError("in the next commit")
  }
}
