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
    guard line.count <= EventLineEncoder.maximumLineBytes else {
      throw LineDamage(.tooLong, "the line exceeds 256 MiB", offset: EventLineEncoder.maximumLineBytes)
    }
    return try line.withUnsafeBytes { (memory) throws(LineDamage) in
      guard let start = memory.baseAddress else {
        throw LineDamage(.notAnObject, "the line is empty", offset: 0)
      }
      let scan = try LineScan(base: start.assumingMemoryBound(to: UInt8.self), count: memory.count)
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

  private static func name(
    _ slice: LineScan.Slice, in memory: UnsafeRawBufferPointer, last: inout [UInt8]
  ) throws(LineDamage) -> [UInt8] {
    let text = UnsafeRawBufferPointer(rebasing: memory[slice.range])
    switch slice.form {
    case .plain, .text:
      if slice.isEscaped { return Unescaping.unescape(text) }
      if !equal(last, text) { last = Array(text) }
      return last
    case .base64:
      return try base64(slice, text).withUnsafeBytes { Array($0) }
    }
  }

  @inline(__always)
  private static func equal(_ last: [UInt8], _ text: UnsafeRawBufferPointer) -> Bool {
    guard last.count == text.count else { return false }
    return last.withUnsafeBytes { last in
      for offset in 0..<last.count where last[offset] != text[offset] { return false }
      return true
    }
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

  private static func id(_ slice: LineScan.Slice, in memory: UnsafeRawBufferPointer) throws(LineDamage) -> EventID {
    let text = UnsafeRawBufferPointer(rebasing: memory[slice.range])
    guard !slice.isEscaped, let id = EventID(line: text) else {
      throw LineDamage(.wrongValue, "'id' should be a UUID", offset: slice.range.lowerBound)
    }
    return id
  }

  private mutating func date(_ slice: LineScan.Slice, in memory: UnsafeRawBufferPointer) throws(LineDamage) -> Timestamp
  {
    guard !slice.isEscaped, let date = dates.read(UnsafeRawBufferPointer(rebasing: memory[slice.range])),
      DateWriter.range.contains(date.ticks)
    else {
      throw LineDamage(
        .wrongValue, "'created' should be a date like 2026-11-23T19:20:00.1234567Z", offset: slice.range.lowerBound)
    }
    return date
  }
}

extension EventID {
  /// The id with these 36 characters of text; nil when they are not of that form.
  fileprivate init?(line text: UnsafeRawBufferPointer) {
    guard text.count == 36, text[8] == Self.hyphen, text[13] == Self.hyphen, text[18] == Self.hyphen,
      text[23] == Self.hyphen
    else { return nil }
    var isHex = true
    func value(_ offset: Int, digits: Int) -> UInt64 {
      (offset..<offset + digits).reduce(0) { value, offset in
        let character = text[offset]
        let isDigit = character &- UInt8(ascii: "0") < 10
        isHex = isHex && (isDigit || (character | 0x20) &- UInt8(ascii: "a") < 6)
        return value << 4 | UInt64(character & 0x0F &+ (isDigit ? 0 : 9))
      }
    }
    let high = value(0, digits: 8) << 32 | value(9, digits: 4) << 16 | value(14, digits: 4)
    let low = value(19, digits: 4) << 48 | value(24, digits: 12)
    guard isHex else { return nil }
    self.init(high: high, low: low)
  }

  private static var hyphen: UInt8 { UInt8(ascii: "-") }
}
