/// The name of a stream.
public struct StreamName: ByteName {
  public let utf8: [UInt8]

  public init(utf8: [UInt8]) {
    self.utf8 = utf8
  }

  public static func == (left: StreamName, right: StreamName) -> Bool {
    left.utf8.isSame(as: right.utf8)
  }

  public func hash(into hasher: inout Hasher) {
    utf8.withUnsafeBytes { hasher.combine(bytes: $0) }
  }

  private static let dollar = UInt8(ascii: "$")

  /// Whether this is the metadata stream of another: it begins with `$$`.
  public var isMetadataStream: Bool {
    utf8.count >= 2 && utf8[0] == Self.dollar && utf8[1] == Self.dollar
  }

  /// The stream that holds this stream's metadata: `$$` and its name.
  public var metadataStream: StreamName {
    StreamName(utf8: [Self.dollar, Self.dollar] + utf8)
  }

  /// The stream that this metadata stream is about; nil for other streams.
  public var describedStream: StreamName? {
    isMetadataStream ? StreamName(utf8: Array(utf8.dropFirst(2))) : nil
  }

  /// Whether the stream belongs to the server: it begins with `$`, except `$$x` where `x` is not a system stream.
  ///
  /// The metadata of a user's stream is the user's.
  public var isSystem: Bool {
    guard utf8.first == Self.dollar else { return false }
    guard let described = describedStream else { return true }
    return described.utf8.isEmpty || described.isSystem
  }
}
