import EventStoreCore

/// What an HTTP request asks for: its head, taken apart.
struct HTTPRequest {
  let method: String
  /// The parts of the path, with `%` sequences resolved; `/a/b` has the two `a`, `b`.
  let path: [String]
  /// The parts of the query, as they were sent.
  let query: [Substring]
  /// Who asks; nil when the request says nothing, or nothing that can be read.
  let credentials: Credentials?
  /// Whether the request says who asks, readably or not.
  let hasAuthorization: Bool

  init(method: String, target: String, authorization: String? = nil) {
    self.method = method
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let segments = (parts.first ?? "").split(separator: "/", omittingEmptySubsequences: false)
    path = segments.dropFirst().map { Self.resolved($0) }
    query = parts.count > 1 ? parts[1].split(separator: "&") : []
    hasAuthorization = authorization != nil
    credentials = authorization.flatMap(Self.basic)
  }

  /// Whether nothing is to be changed.
  var isRead: Bool { method == "GET" || method == "HEAD" }

  /// The text with `%` sequences resolved; what is none stays.
  static func resolved(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2, let value = UInt8(hex: rest.prefix(2)) {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The login and password of `Basic` and base64.
  private static func basic(_ authorization: String) -> Credentials? {
    let words = authorization.split(separator: " ")
    guard words.count == 2, words[0].lowercased() == "basic", let bytes = decode(base64: words[1]) else { return nil }
    let pair = bytes.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
    guard pair.count == 2 else { return nil }
    let texts = pair.map { String(decoding: $0, as: UTF8.self) }
    return Credentials(login: texts[0], password: texts[1])
  }

  private static func decode(base64 text: Substring) -> [UInt8]? {
    var bytes: [UInt8] = []
    var (bits, count) = (UInt32(0), 0)
    for byte in text.utf8.reversed().drop(while: { $0 == UInt8(ascii: "=") }).reversed() {
      guard let value = base64Digits.firstIndex(of: byte) else { return nil }
      (bits, count) = (bits << 6 | UInt32(value), count + 6)
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> count))
      }
    }
    return bytes
  }

  private static let base64Digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
}

extension UInt8 {
  fileprivate init?(hex digits: Substring.UTF8View.SubSequence) {
    guard digits.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }) else { return nil }
    self.init(Substring(digits), radix: 16)
  }
}
