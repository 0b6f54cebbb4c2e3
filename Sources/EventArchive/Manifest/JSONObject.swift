internal import EventStoreCore

/// A JSON object whose members are asked for by name and type. Members that nobody asks for are ignored.
struct JSONObject {
  /// Why an object is not what it should be.
  typealias Failure = ManifestFailure

  private let members: [String: JSONValue]

  /// The object that `value` is.
  init(_ value: JSONValue, as name: String) throws(Failure) {
    guard case .object(let members) = value else { throw Failure("\(name) is not an object") }
    // The parser has refused repeated keys.
    self.members = Dictionary(members.map { ($0.key, $0.value) }) { first, _ in first }
  }

  func has(_ key: String) -> Bool { members[key] != nil }

  func value(_ key: String) throws(Failure) -> JSONValue {
    guard let value = members[key] else { throw Failure("\(key) is missing") }
    return value
  }

  func object(_ key: String) throws(Failure) -> JSONObject {
    try JSONObject(value(key), as: key)
  }

  func objects(_ key: String) throws(Failure) -> [JSONObject] {
    guard case .array(let values) = try value(key) else { throw Failure("\(key) is not a list") }
    var objects: [JSONObject] = []
    for value in values { objects.append(try JSONObject(value, as: "an element of \(key)")) }
    return objects
  }

  func string(_ key: String) throws(Failure) -> String {
    guard case .string(let text) = try value(key) else { throw Failure("\(key) is not a string") }
    return text
  }

  func strings(_ key: String) throws(Failure) -> [String] {
    guard case .array(let values) = try value(key) else { throw Failure("\(key) is not a list") }
    var strings: [String] = []
    for value in values {
      guard case .string(let text) = value else { throw Failure("an element of \(key) is not a string") }
      strings.append(text)
    }
    return strings
  }

  func bool(_ key: String) throws(Failure) -> Bool {
    guard case .bool(let flag) = try value(key) else { throw Failure("\(key) is neither true nor false") }
    return flag
  }

  func int64(_ key: String) throws(Failure) -> Int64 {
    guard case .number(let text) = try value(key), let number = Int64(text) else {
      throw Failure("\(key) is not a whole number")
    }
    return number
  }

  /// A whole number that is not negative.
  func natural(_ key: String) throws(Failure) -> Int64 {
    let number = try int64(key)
    guard number >= 0 else { throw Failure("\(key) is negative") }
    return number
  }

  /// More things than one line can name: so that sums over a whole manifest cannot overflow.
  private static let maximumCount = 1 << 38

  /// A number of things: not negative, and not beyond reason.
  func count(_ key: String) throws(Failure) -> Int {
    guard let count = Int(exactly: try int64(key)), (0...Self.maximumCount).contains(count) else {
      throw Failure("\(key) is not a number of things")
    }
    return count
  }

  func digest(_ key: String) throws(Failure) -> SHA256Digest {
    guard let digest = SHA256Digest(try string(key)) else { throw Failure("\(key) is not a SHA-256") }
    return digest
  }

  func timestamp(_ key: String) throws(Failure) -> Timestamp {
    guard let time = Timestamp(try string(key)) else { throw Failure("\(key) is not a time") }
    return time
  }

  func id(_ key: String) throws(Failure) -> EventID {
    guard let id = EventID(try string(key)) else { throw Failure("\(key) is not a UUID") }
    return id
  }

  func position(_ key: String) throws(Failure) -> Position {
    let object = try object(key)
    return Position(commit: try object.natural("commit"), prepare: try object.natural("prepare"))
  }

  /// The stream named by `stream` or `streamBase64`.
  func stream() throws(Failure) -> StreamName {
    switch (has("stream"), has("streamBase64")) {
    case (true, true): throw Failure("the stream has two names")
    case (true, false): return StreamName(try string("stream"))
    case (false, _):
      guard let bytes = Base64Text.decode(try string("streamBase64")) else {
        throw Failure("streamBase64 is not base64")
      }
      return StreamName(utf8: bytes)
    }
  }
}
