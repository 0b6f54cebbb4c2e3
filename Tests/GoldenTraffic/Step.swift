/// One line of a recording: a frame one side sent, a connection's end, or a remark for people.
package struct Step: Sendable {
  /// Who acted.
  package enum Direction: String, Sendable, Hashable {
    /// The client sent `frame`.
    case client
    /// The server sent `frame`.
    case server
    /// The connection ended; `text` says who ended it, `server` or `client`.
    case close
    /// Nothing was sent; `text` is for people.
    case note
  }

  /// The place in the recording, from 1.
  package let sequence: Int
  /// Who acted.
  package let direction: Direction
  /// The command's name, empty where there is no frame; `RawBytes` for bytes that are not one frame.
  package let command: String
  /// The command's number; nil where there is no frame or `command` is `RawBytes`.
  package let commandByte: UInt8?
  /// The header's flags; 0 where there is no frame.
  package let flags: UInt8
  /// The correlation id as a UUID in lower case; empty where there is no frame or `command` is `RawBytes`.
  package let correlation: String
  /// Login and password of the frame's auth block; nil when it has none.
  package let auth: Auth?
  /// The bytes on the wire, with their length in front; nil for `close` and `note`.
  package let frame: [UInt8]?
  /// The payload's fields as the recording names them; an empty object where there is none.
  package let decoded: JSONValue
  /// What the request is for; nil where the recording does not say.
  package let label: String?
  /// Which of the scenario's connections, from 1.
  package let connection: Int
  /// The remark of a `note`, and who closed with `close`; empty otherwise.
  package let text: String
  /// Milliseconds since the scenario began; nil where time does not matter.
  package let milliseconds: Int?

  /// The login and password in a frame.
  package struct Auth: Sendable, Hashable {
    package let login: String
    package let password: String
  }

  /// Whether the bytes are something other than exactly one frame.
  package var isRaw: Bool { command == "RawBytes" }
}

extension Step {
  /// Reads a line of a recording.
  init(_ line: JSONValue) throws(RecordingError) {
    guard let sequence = line["seq"]?.integer, let name = line["dir"]?.string,
      let direction = Direction(rawValue: name)
    else { throw RecordingError("a step without its number or direction") }
    self.sequence = Int(sequence)
    self.direction = direction
    command = line["command"]?.string ?? ""
    commandByte = line["commandByte"]?.integer.flatMap(UInt8.init(exactly:))
    flags = line["flags"]?.integer.flatMap(UInt8.init(exactly:)) ?? 0
    correlation = line["correlation"]?.string ?? ""
    auth = line["auth"].flatMap { auth in
      guard let login = auth["login"]?.string, let password = auth["password"]?.string else { return nil }
      return Auth(login: login, password: password)
    }
    frame = try Self.frame(of: line)
    decoded = line["decoded"] ?? .object([:])
    label = line["label"]?.string
    connection = line["conn"]?.integer.map(Int.init) ?? 1
    text = line["text"]?.string ?? line["by"]?.string ?? ""
    milliseconds = line["ms"]?.integer.map(Int.init)
    if direction == .client || direction == .server, frame == nil {
      throw RecordingError("step \(sequence) has no bytes")
    }
  }

  private static func frame(of line: JSONValue) throws(RecordingError) -> [UInt8]? {
    if line["hexOmitted"] != nil { return try LargeWrite(line).frame() }
    guard let digits = line["hex"]?.string else { return nil }
    guard let bytes = [UInt8](hexadecimal: digits.utf8) else { throw RecordingError("bytes that are not hexadecimal") }
    return bytes
  }
}

extension [UInt8] {
  /// The bytes that these digits, two for a byte, stand for; nil when they do not.
  init?(hexadecimal digits: String.UTF8View) {
    self = []
    reserveCapacity(digits.count / 2)
    var high: UInt8?
    for digit in digits {
      let value: UInt8
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = digit - UInt8(ascii: "a") + 10
      default: return nil
      }
      if let first = high {
        append(first << 4 | value)
        high = nil
      } else {
        high = value
      }
    }
    guard high == nil else { return nil }
  }
}
