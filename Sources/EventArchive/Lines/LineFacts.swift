package import EventStoreCore

/// What a check wants to know of an event, found in its line without copying anything.
package struct LineFacts {
  /// The bytes of the stream's name; only valid while the line is looked at.
  package var stream: UnsafeRawBufferPointer
  /// The event's place in the stream.
  package var number: EventNumber
  /// The event's id.
  package var id: EventID
  /// When the event was written.
  package var created: Timestamp
  /// The event's place in `$all`.
  package var position: Position?

  /// The name of the stream.
  package var streamName: StreamName { StreamName(utf8: Array(stream)) }
}

extension EventLineDecoder {
  /// Gives `body` the facts of the event that `line`, without its LF, holds; its bytes are checked as `decode` does.
  ///
  /// - Throws: what `decode` throws of the same line.
  package mutating func examine<Result>(
    _ line: UnsafeRawBufferPointer, _ body: (LineFacts) -> Result
  ) throws(LineDamage) -> Result {
    let scan = try Self.scan(line)
    let name = UnsafeRawBufferPointer(rebasing: line[scan.stream.range])
    guard scan.stream.form == .base64 || scan.stream.isEscaped else {
      return body(try facts(scan, in: line, stream: name))
    }
    let decoded = try Self.name(scan.stream, in: line)
    // Outside of the closure, which would widen the error's type.
    let memory = Bytes(decoded)
    return try memory.withUnsafeBytes { (name) throws(LineDamage) in body(try facts(scan, in: line, stream: name)) }
  }

  private mutating func facts(
    _ scan: LineScan, in line: UnsafeRawBufferPointer, stream: UnsafeRawBufferPointer
  ) throws(LineDamage) -> LineFacts {
    let id = try Self.id(scan.id, in: line)
    // The scan has found the text of strings well formed.
    if scan.type.form == .base64 { _ = try Self.name(scan.type, in: line) }
    if scan.data.form == .base64 { try Self.checkBase64(scan.data, in: line) }
    if scan.metadata.form == .base64 { try Self.checkBase64(scan.metadata, in: line) }
    return LineFacts(
      stream: stream, number: scan.number, id: id, created: try date(scan.created, in: line), position: scan.position)
  }
}
