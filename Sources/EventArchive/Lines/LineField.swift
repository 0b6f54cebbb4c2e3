/// The keys that a line has at its outermost level, with all the forms of each.
enum LineField: UInt8 {
  case stream, number, id, type, created, position, json, data, metadata

  /// How a value is written.
  enum Form {
    /// The value itself.
    case plain
    /// A JSON string whose text is the value.
    case text
    /// A JSON string whose text is the Base64 of the value.
    case base64
  }

  /// The field and the form that a key means; nil for keys of somebody else.
  @inline(__always)
  static func recognise(_ key: ObjectWalk.Key) -> (field: LineField, form: Form)? {
    guard key.isEscaped else { return recognise(key.bytes) }
    return Unescaping.unescape(UnsafeRawBufferPointer(key.bytes)).withUnsafeBufferPointer { recognise($0) }
  }

  private static func recognise(_ key: UnsafeBufferPointer<UInt8>) -> (field: LineField, form: Form)? {
    switch key.count {
    case 2: equal(key, "id") ? (.id, .plain) : nil
    case 4:
      equal(key, "type")
        ? (.type, .text) : equal(key, "json") ? (.json, .plain) : equal(key, "data") ? (.data, .plain) : nil
    case 6: equal(key, "stream") ? (.stream, .text) : equal(key, "number") ? (.number, .plain) : nil
    case 7: equal(key, "created") ? (.created, .plain) : nil
    case 8:
      equal(key, "position")
        ? (.position, .plain)
        : equal(key, "metadata") ? (.metadata, .plain) : equal(key, "dataText") ? (.data, .text) : nil
    case 10: equal(key, "dataBase64") ? (.data, .base64) : equal(key, "typeBase64") ? (.type, .base64) : nil
    case 12: equal(key, "metadataText") ? (.metadata, .text) : equal(key, "streamBase64") ? (.stream, .base64) : nil
    case 14: equal(key, "metadataBase64") ? (.metadata, .base64) : nil
    default: nil
    }
  }

  /// Whether a key is `name`, which has as many bytes.
  @inline(__always)
  fileprivate static func equal(_ key: UnsafeBufferPointer<UInt8>, _ name: StaticString) -> Bool {
    for offset in 0..<key.count where key[offset] != name.utf8Start[offset] { return false }
    return true
  }

  /// The name of its plain form, for messages.
  var name: String {
    switch self {
    case .stream: "stream"
    case .number: "number"
    case .id: "id"
    case .type: "type"
    case .created: "created"
    case .position: "position"
    case .json: "json"
    case .data: "data"
    case .metadata: "metadata"
    }
  }

  /// Its bit in a set of fields.
  var bit: UInt16 { 1 << UInt16(rawValue) }

  /// The fields that every event has.
  static let required: [LineField] = [.stream, .number, .id, .type, .created, .json]
}

/// The keys of a position.
enum PositionField {
  case commit, prepare

  /// The field that a key means; nil for keys of somebody else.
  static func recognise(_ key: ObjectWalk.Key) -> PositionField? {
    guard key.isEscaped else { return recognise(key.bytes) }
    return Unescaping.unescape(UnsafeRawBufferPointer(key.bytes)).withUnsafeBufferPointer { recognise($0) }
  }

  private static func recognise(_ key: UnsafeBufferPointer<UInt8>) -> PositionField? {
    switch key.count {
    case 6: LineField.equal(key, "commit") ? .commit : nil
    case 7: LineField.equal(key, "prepare") ? .prepare : nil
    default: nil
    }
  }
}
