package import EventStoreCore

/// Reads events from lines of a segment (ARCHIVE-FORMAT.md, "A line").
///
/// Payloads are slices of the line's memory wherever nothing had to be unescaped, and keep it alive. A value that remembers
/// the last names and the last day, which neighbouring events mostly share: use one for many lines.
package struct EventLineDecoder {
  private var dates = DateReader()
  private var lastStream: [UInt8] = []
  private var lastType: [UInt8] = []

  package init() {}

  /// The event that `line`, without its LF, holds.
  ///
  /// Keys may stand in any order, those that are unknown are passed over, and no bytes whatever make this trap.
  package mutating func decode(_ line: Bytes) throws(LineDamage) -> RecordedEvent {
    try line.withUnsafeBytes { (memory) throws(LineDamage) in
      let scan = try Self.scan(memory)
      return RecordedEvent(
        stream: StreamName(utf8: try Self.name(scan.stream, in: memory, last: &lastStream)),
        number: scan.number,
        id: try Self.id(scan.id, in: memory),
        type: EventType(utf8: try Self.name(scan.type, in: memory, last: &lastType)),
        isJSON: scan.isJSON,
        data: try Self.payload(scan.data, of: line, memory),
        metadata: try Self.payload(scan.metadata, of: line, memory),
        created: try date(scan.created, in: memory),
        position: scan.position)
    }
  }

  /// Where a line has its values.
  static func scan(_ line: UnsafeRawBufferPointer) throws(LineDamage) -> LineScan {
    guard line.count <= EventLineEncoder.maximumLineBytes else {
      throw LineDamage(.tooLong, "the line exceeds 256 MiB", offset: EventLineEncoder.maximumLineBytes)
    }
    guard let start = line.baseAddress else {
      throw LineDamage(.notAnObject, "the line is empty", offset: 0)
    }
    return try LineScan(base: start.assumingMemoryBound(to: UInt8.self), count: line.count)
  }

  private static func name(
    _ slice: LineScan.Slice, in memory: UnsafeRawBufferPointer, last: inout [UInt8]
  ) throws(LineDamage) -> [UInt8] {
    guard slice.form != .base64, !slice.isEscaped else { return try name(slice, in: memory) }
    let text = UnsafeRawBufferPointer(rebasing: memory[slice.range])
    if !last.withUnsafeBytes({ $0.isSame(as: text) }) { last = Array(text) }
    return last
  }

  /// The bytes of a name.
  static func name(_ slice: LineScan.Slice, in memory: UnsafeRawBufferPointer) throws(LineDamage) -> [UInt8] {
    let text = UnsafeRawBufferPointer(rebasing: memory[slice.range])
    switch slice.form {
    case .plain, .text: return slice.isEscaped ? Unescaping.unescape(text) : Array(text)
    case .base64: return try base64(slice, text).withUnsafeBytes { Array($0) }
    }
  }

  /// Checks that a payload is canonical Base64.
  static func checkBase64(_ slice: LineScan.Slice, in memory: UnsafeRawBufferPointer) throws(LineDamage) {
    _ = try base64(slice, UnsafeRawBufferPointer(rebasing: memory[slice.range]))
  }

  private static func payload(
    _ slice: LineScan.Slice, of line: Bytes, _ memory: UnsafeRawBufferPointer
  ) throws(LineDamage) -> Bytes {
    let text = UnsafeRawBufferPointer(rebasing: memory[slice.range])
    switch slice.form {
    case .plain:
      return line.slice(slice.range)
    case .text:
      guard slice.isEscaped else { return line.slice(slice.range) }
      let buffer = LineBuffer(capacity: text.count)
      Unescaping.unescape(text, to: buffer)
      return buffer.share()
    case .base64:
      return try base64(slice, text).share()
    }
  }

  private static func base64(_ slice: LineScan.Slice, _ text: UnsafeRawBufferPointer) throws(LineDamage) -> LineBuffer {
    let buffer = LineBuffer(capacity: text.count / 4 * 3)
    // Base64 never needs an escape: one that has any is not canonical.
    guard !slice.isEscaped, Base64Decoding.decode(text, to: buffer) else {
      throw LineDamage(.badBase64, "this is not canonical Base64", offset: slice.range.lowerBound)
    }
    return buffer
  }

  static func id(_ slice: LineScan.Slice, in memory: UnsafeRawBufferPointer) throws(LineDamage) -> EventID {
    let text = UnsafeRawBufferPointer(rebasing: memory[slice.range])
    guard !slice.isEscaped, let id = EventID(line: text) else {
      throw LineDamage(.wrongValue, "'id' should be a UUID", offset: slice.range.lowerBound)
    }
    return id
  }

  mutating func date(_ slice: LineScan.Slice, in memory: UnsafeRawBufferPointer) throws(LineDamage) -> Timestamp {
    guard !slice.isEscaped, let date = dates.read(UnsafeRawBufferPointer(rebasing: memory[slice.range])),
      DateWriter.range.contains(date.ticks)
    else {
      throw LineDamage(
        .wrongValue, "'created' should be a date like 2026-11-23T19:20:00.1234567Z", offset: slice.range.lowerBound)
    }
    return date
  }
}
