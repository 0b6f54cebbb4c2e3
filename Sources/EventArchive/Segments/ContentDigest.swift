internal import Crypto
package import EventStoreCore

/// The SHA-256 of some bytes.
package struct ContentDigest: Hashable, Sendable {
  /// How many bytes it has.
  package static let byteCount = 32

  private let words: (UInt64, UInt64, UInt64, UInt64)

  /// The digest of `content`.
  package init(of content: UnsafeRawBufferPointer) {
    var hasher = SHA256()
    hasher.update(bufferPointer: content)
    self.init(hasher.finalize())
  }

  /// The digest of `content`.
  package init(of content: Bytes) {
    self = content.withUnsafeBytes { ContentDigest(of: $0) }
  }

  /// The digest that swift-crypto computed.
  init(_ digest: SHA256.Digest) {
    words = digest.withUnsafeBytes { Self.words($0) }
  }

  /// The digest with these 32 bytes; nil when there are not 32.
  package init?(bytes: some Collection<UInt8>) {
    let bytes = Array(bytes)
    guard bytes.count == Self.byteCount else { return nil }
    words = bytes.withUnsafeBytes { Self.words($0) }
  }

  /// The digest with this text, 64 hexadecimal digits in either case; nil when it is not of that form.
  package init?(hex: String) {
    var bytes: [UInt8] = []
    var high: UInt8?
    for character in hex.utf8 {
      guard let digit = Self.digit(character), bytes.count < Self.byteCount else { return nil }
      if let first = high {
        bytes.append(first << 4 | digit)
        high = nil
      } else {
        high = digit
      }
    }
    guard high == nil else { return nil }
    self.init(bytes: bytes)
  }

  /// The 32 bytes.
  package var bytes: [UInt8] {
    [words.0, words.1, words.2, words.3].flatMap { word in
      (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) }
    }
  }

  /// The 64 hexadecimal digits, in lower case, as `sha256sum` prints them.
  package var hex: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  private static func words(_ bytes: UnsafeRawBufferPointer) -> (UInt64, UInt64, UInt64, UInt64) {
    func word(_ index: Int) -> UInt64 {
      UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
    }
    return (word(0), word(1), word(2), word(3))
  }

  private static func digit(_ character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  package static func == (left: ContentDigest, right: ContentDigest) -> Bool { left.words == right.words }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
  }
}

extension ContentDigest: CustomStringConvertible {
  package var description: String { hex }
}
