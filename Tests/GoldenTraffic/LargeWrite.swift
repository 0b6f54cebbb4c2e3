/// The one frame that a recording gives by its rule: a WriteEvents whose only event has data of which byte i is i * 7 mod 251.
struct LargeWrite {
  private let line: JSONValue

  init(_ line: JSONValue) {
    self.line = line
  }

  /// The frame's bytes, fields in the order of their numbers; its length is checked against the recorded one.
  func frame() throws(RecordingError) -> [UInt8] {
    guard line["hexOmitted"]?.string == "data byte i = (i*7) mod 251", let frameLength = line["frameLength"]?.integer,
      let command = line["commandByte"]?.integer, let correlation = line["correlation"]?.string,
      let message = line["decoded"], let stream = message["event_stream_id"]?.string,
      let expectedVersion = message["expected_version"]?.integer, let event = message["events"]?[0],
      message["require_master"]?.bool == false
    else { throw RecordingError("a frame given by an unknown rule") }

    var payload: [UInt8] = []
    payload.appendField(1, Array(stream.utf8))
    payload.appendField(2, UInt64(bitPattern: expectedVersion))
    payload.appendField(3, try encode(event: event))
    payload.appendField(4, 0)
    let length = UInt32(1 + 1 + 16 + payload.count)
    let frame =
      (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + [UInt8(truncatingIfNeeded: command), 0]
      + (try guidBytes(correlation)) + payload
    guard frame.count == Int(frameLength) else { throw RecordingError("a frame of \(frame.count) bytes by its rule") }
    return frame
  }

  private func encode(event: JSONValue) throws(RecordingError) -> [UInt8] {
    guard let id = event["event_id"]?.string, let type = event["event_type"]?.string,
      let dataType = event["data_content_type"]?.integer, let metadataType = event["metadata_content_type"]?.integer,
      let count = event["data"]?["length"]?.integer, event["metadata"]?["utf8"]?.string == ""
    else { throw RecordingError("an event given by an unknown rule") }
    var bytes: [UInt8] = []
    bytes.appendField(1, try guidBytes(id))
    bytes.appendField(2, Array(type.utf8))
    bytes.appendField(3, UInt64(bitPattern: dataType))
    bytes.appendField(4, UInt64(bitPattern: metadataType))
    bytes.appendField(5, (0..<Int(count)).map { UInt8($0 * 7 % 251) })
    bytes.appendField(6, [])
    return bytes
  }

  /// A UUID in .NET's order: the first three fields with their low byte first.
  private func guidBytes(_ text: String) throws(RecordingError) -> [UInt8] {
    guard let bytes = [UInt8](hexadecimal: text.filter { $0 != "-" }.utf8), bytes.count == 16 else {
      throw RecordingError("not a UUID: \(text)")
    }
    return bytes[0..<4].reversed() + bytes[4..<6].reversed() + bytes[6..<8].reversed() + bytes[8...]
  }
}

extension [UInt8] {
  /// A protobuf field of wire type 2: a length and the bytes.
  fileprivate mutating func appendField(_ number: UInt64, _ bytes: [UInt8]) {
    appendVarint(number << 3 | 2)
    appendVarint(UInt64(bytes.count))
    self += bytes
  }

  /// A protobuf field of wire type 0: a number.
  fileprivate mutating func appendField(_ number: UInt64, _ value: UInt64) {
    appendVarint(number << 3)
    appendVarint(value)
  }

  private mutating func appendVarint(_ value: UInt64) {
    var rest = value
    while rest > 0x7F {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(rest))
  }
}
