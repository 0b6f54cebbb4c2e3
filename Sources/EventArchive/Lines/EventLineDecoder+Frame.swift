package import EventStoreCore

extension EventLineDecoder {
  /// The events of a frame's content, in order.
  ///
  /// - Throws: `SegmentDamage` of code `line`; its offset is where the line begins within `content`.
  package mutating func decodeFrame(_ content: Bytes) throws(SegmentDamage) -> [RecordedEvent] {
    var events: [RecordedEvent] = []
    var lines = Lines(content)
    var start = 0
    while let line = lines.next() {
      do {
        events.append(try decode(line))
      } catch {
        throw SegmentDamage(.line, "a line is not an event: \(error)", offset: start)
      }
      start = lines.offset
    }
    return events
  }
}
