package import EventStoreCore

/// Reads events from lines of a segment (ARCHIVE-FORMAT.md, "A line").
///
/// Payloads are slices of the line's memory wherever nothing had to be unescaped.
package struct EventLineDecoder {
  package init() {}

  /// The event that `line`, without its LF, holds.
  package mutating func decode(_ line: Bytes) throws(LineDamage) -> RecordedEvent {
    fatalError("in the next commit")
  }

  /// The events of a frame's content, in order.
  ///
  /// - Throws: `SegmentDamage` of code `line`; its offset is that of the line within `content`.
  package mutating func decodeFrame(_ content: Bytes) throws(SegmentDamage) -> [RecordedEvent] {
    fatalError("in the next commit")
  }
}
