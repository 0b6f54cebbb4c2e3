package import EventStoreCore

/// Writes events as lines of a segment (ARCHIVE-FORMAT.md, "A line").
///
/// A value that remembers the date of the last event: use one for many events.
package struct EventLineEncoder {
  /// The most bytes that a line may have, without its LF: 256 MiB.
  package static let maximumLineBytes = 256 << 20

  private var dates = DateWriter()

  package init() {}

  /// About how many bytes the line of `event` has: a little more than it has when its payloads are JSON.
  @inline(__always)
  static func likelyBytes(of event: RecordedEvent) -> Int {
    let data = event.isJSON ? event.data.count : event.data.count / 3 * 4
    return 240 + event.stream.utf8.count + event.type.utf8.count + data + event.metadata.count
  }

  /// Makes sure that the event can be a line.
  ///
  /// - Throws: as `append(_:to:)`.
  @inline(__always)
  static func check(_ event: RecordedEvent) throws(LineRefusal) {
    try checkValues(event)
    // An escape makes at most six bytes of one in a name, and two in a payload.
    let names = event.stream.utf8.count + event.type.utf8.count
    if 512 + 6 * names + 2 * (event.data.count + event.metadata.count) > maximumLineBytes { try checkLine(event) }
  }

  @inline(never)
  private static func checkLine(_ event: RecordedEvent) throws(LineRefusal) {
    var encoder = EventLineEncoder()
    try encoder.append(event, to: LineBuffer())
  }

  /// Appends the line of `event`, with its LF, to `buffer`; nothing when it throws.
  ///
  /// - Throws: `tooLong` when the line would exceed `maximumLineBytes`; `outOfRange` when the number or the position is
  ///   negative or the date is not within the years 1 to 9999.
  package mutating func append(_ event: RecordedEvent, to buffer: LineBuffer) throws(LineRefusal) {
    try Self.checkValues(event)
    let start = buffer.count
    write(event, to: buffer)
    guard buffer.count - start - 1 <= Self.maximumLineBytes else {
      buffer.truncate(to: start)
      throw .tooLong(stream: event.stream, number: event.number)
    }
  }

  @inline(__always)
  private static func checkValues(_ event: RecordedEvent) throws(LineRefusal) {
    guard event.data.count + event.metadata.count <= maximumLineBytes else {
      throw .tooLong(stream: event.stream, number: event.number)
    }
    guard event.number >= 0, event.position.map({ $0.commit >= 0 && $0.prepare >= 0 }) ?? true,
      DateWriter.range.contains(event.created.ticks)
    else { throw .outOfRange(stream: event.stream, number: event.number) }
  }

  private mutating func write(_ event: RecordedEvent, to buffer: LineBuffer) {
    buffer.append("{")
    Self.write(name: event.stream.utf8, key: "\"stream\":\"", base64Key: "\"streamBase64\":\"", to: buffer)
    buffer.append(",\"number\":")
    buffer.append(decimal: event.number)
    buffer.append(",\"id\":\"")
    buffer.append(id: event.id)
    buffer.append("\",")
    Self.write(name: event.type.utf8, key: "\"type\":\"", base64Key: "\"typeBase64\":\"", to: buffer)
    buffer.append(",\"created\":\"")
    dates.write(event.created, to: buffer)
    buffer.append("\"")
    if let position = event.position {
      buffer.append(",\"position\":{\"commit\":")
      buffer.append(decimal: position.commit)
      buffer.append(",\"prepare\":")
      buffer.append(decimal: position.prepare)
      buffer.append("}")
    }
    if event.isJSON { buffer.append(",\"json\":true") } else { buffer.append(",\"json\":false") }
    event.data.withUnsafeBytes {
      Self.write(
        payload: $0, key: ",\"data\":", textKey: ",\"dataText\":\"", base64Key: ",\"dataBase64\":\"", to: buffer)
    }
    event.metadata.withUnsafeBytes {
      Self.write(
        payload: $0, key: ",\"metadata\":", textKey: ",\"metadataText\":\"", base64Key: ",\"metadataBase64\":\"",
        to: buffer)
    }
    buffer.append("}\n")
  }

  @inline(__always)
  private static func write(name: [UInt8], key: StaticString, base64Key: StaticString, to buffer: LineBuffer) {
    name.withUnsafeBytes { name in
      switch TextKind(name) {
      case .text, .withControlCharacters:
        buffer.append(key)
        buffer.append(escaping: name)
      case .notUTF8:
        buffer.append(base64Key)
        buffer.append(base64: name)
      }
    }
    buffer.append("\"")
  }

  /// The first form that fits: the bytes themselves, then text, then Base64; nothing for no bytes.
  @inline(__always)
  private static func write(
    payload: UnsafeRawBufferPointer, key: StaticString, textKey: StaticString, base64Key: StaticString,
    to buffer: LineBuffer
  ) {
    guard !payload.isEmpty else { return }
    if JSONScanner.accepts(payload) {
      buffer.append(key)
      buffer.append(payload)
      return
    }
    switch TextKind(payload) {
    case .text:
      buffer.append(textKey)
      buffer.append(escaping: payload)
    case .withControlCharacters, .notUTF8:
      buffer.append(base64Key)
      buffer.append(base64: payload)
    }
    buffer.append("\"")
  }
}
