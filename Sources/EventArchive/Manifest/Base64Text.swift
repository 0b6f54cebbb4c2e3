/// Base64 (RFC 4648, section 4, padded) as text, for names that are not UTF-8.
enum Base64Text {
  static func encode(_ bytes: [UInt8]) -> String {
    let buffer = LineBuffer(capacity: bytes.count / 3 * 4 + 4)
    bytes.withUnsafeBytes { buffer.append(base64: $0) }
    return String(decoding: buffer.copy(), as: UTF8.self)
  }

  /// Nil for anything but canonical Base64.
  static func decode(_ text: String) -> [UInt8]? {
    let buffer = LineBuffer(capacity: text.utf8.count)
    let isCanonical = Array(text.utf8).withUnsafeBytes { Base64Decoding.decode($0, to: buffer) }
    return isCanonical ? Array(buffer.copy()) : nil
  }
}
