public import EventStoreCore
public import FoundationEssentials

extension Bytes {
  /// The JSON of a value: the same bytes each time, because keys are sorted.
  ///
  /// ```swift
  /// let metadata = try Bytes.json(["user": "applejack"])
  /// ```
  /// - Parameter encoder: nil for one that sorts keys and leaves slashes alone.
  /// - Throws: `EncodingError`.
  public static func json(_ value: some Encodable, encoder: JSONEncoder? = nil) throws -> Bytes {
    if let encoder { return Bytes(try encoder.encode(value)) }
    let sorting = JSONEncoder()
    sorting.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Bytes(try sorting.encode(value))
  }

  /// The value whose JSON these bytes are.
  ///
  /// ```swift
  /// let metadata = try event.metadata.json(as: [String: String].self)
  /// ```
  /// - Throws: `DecodingError`.
  public func json<Value: Decodable>(
    as type: Value.Type = Value.self, decoder: JSONDecoder = JSONDecoder()
  ) throws -> Value {
    try withUnsafeBytes { try decoder.decode(Value.self, from: Data($0)) }
  }
}
