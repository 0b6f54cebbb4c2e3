/// What stream names and event types have in common: bytes that are nearly always UTF-8.
///
/// A server stores whatever bytes a client sent, so a name that is not valid UTF-8 must survive a round trip. Two names are
/// equal when their bytes are; they sort by their bytes.
public protocol ByteName: Hashable, Comparable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  /// The bytes, as they stand on the wire.
  var utf8: [UInt8] { get }

  /// The name with these bytes.
  init(utf8: [UInt8])
}

extension ByteName {
  /// The name with the UTF-8 of `text`.
  public init(_ text: String) {
    self.init(utf8: Array(text.utf8))
  }

  public init(stringLiteral value: String) {
    self.init(value)
  }

  /// The name as text; nil when its bytes are not valid UTF-8.
  public var string: String? {
    String(validating: utf8, as: UTF8.self)
  }

  /// The name for people: text, with U+FFFD where it is not valid UTF-8.
  public var description: String {
    String(decoding: utf8, as: UTF8.self)
  }

  public static func < (left: Self, right: Self) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
  }

  /// Whether the name begins with these bytes.
  public func hasPrefix(_ prefix: String) -> Bool {
    utf8.starts(with: prefix.utf8)
  }
}

extension [UInt8] {
  /// Whether the bytes are equal; compared as memory, because names are keys of large dictionaries.
  func isSame(as other: [UInt8]) -> Bool {
    withUnsafeBytes { bytes in other.withUnsafeBytes { bytes.isSame(as: $0) } }
  }
}
