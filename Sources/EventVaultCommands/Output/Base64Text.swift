/// Base64 (RFC 4648) of names that are not UTF-8.
enum Base64Text {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".unicodeScalars)

  /// The text of `bytes`, padded.
  static func encoded(_ bytes: [UInt8]) -> String {
    var text = String.UnicodeScalarView()
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let padded = group.map(UInt32.init) + Array(repeating: 0, count: 3 - group.count)
      let bits = padded[0] << 16 | padded[1] << 8 | padded[2]
      for index in 0..<4 {
        text.append(index <= group.count ? alphabet[Int(bits >> (18 - 6 * UInt32(index))) & 63] : "=")
      }
    }
    return String(text)
  }
}
