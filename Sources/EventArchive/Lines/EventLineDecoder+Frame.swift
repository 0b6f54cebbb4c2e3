package import EventStoreCore

extension EventLineDecoder {
  /// The events of a frame's content, in order.
  ///
  /// - Parameter wanted: The streams whose events are given, nil for all; the lines of others are hardly looked at.
  /// - Throws: `SegmentDamage` of code `line`; its offset is where the line begins within `content`.
  package mutating func decodeFrame(
    _ content: Bytes, only wanted: WantedStreams? = nil
  ) throws(SegmentDamage) -> [RecordedEvent] {
    var events: [RecordedEvent] = []
    var lines = Lines(content)
    var start = 0
    while let line = lines.next() {
      defer { start = lines.offset }
      if let wanted, Self.isOther(line, than: wanted) { continue }
      do {
        let event = try decode(line)
        if wanted?.contains(event.stream) ?? true { events.append(event) }
      } catch {
        throw SegmentDamage(.line, "a line is not an event: \(error)", offset: start)
      }
    }
    return events
  }

  /// How a line begins that eventvault wrote, unless its stream's name is not UTF-8.
  private static let opening = Array("{\"stream\":\"".utf8)

  /// Whether the line begins with the name of another stream; false when that is not sure without decoding it.
  private static func isOther(_ line: Bytes, than wanted: WantedStreams) -> Bool {
    line.withUnsafeBytes { line in
      guard line.starts(with: opening) else { return false }
      let name = line[opening.count...].prefix { $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
      guard name.endIndex < line.count, line[name.endIndex] == UInt8(ascii: "\"") else { return false }
      return !wanted.contains(UnsafeRawBufferPointer(rebasing: name))
    }
  }
}
