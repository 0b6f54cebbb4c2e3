import Crypto

/// A SHA-256, as 32 bytes or 64 lower-case hexadecimal digits.
public struct SHA256Digest: Hashable, Sendable {
  /// The 32 bytes.
  public let bytes: [UInt8]

  /// The digest of `data`.
  public init(of data: some Collection<UInt8>) {
    var hasher = SHA256()
    if data.withContiguousStorageIfAvailable({ hasher.update(bufferPointer: UnsafeRawBufferPointer($0)) }) == nil {
      Array(data).withUnsafeBytes { hasher.update(bufferPointer: $0) }
    }
    self.init(hasher.finalize())
  }

  /// The digest with these 64 hexadecimal digits, in either case; nil for anything else.
  public init?(_ text: String) {
    guard text.utf8.count == 64 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(32)
    var high: UInt8?
    for digit in text.utf8 {
      guard let value = Character(Unicode.Scalar(digit)).hexDigitValue.flatMap({ UInt8(exactly: $0) }) else {
        return nil
      }
      if let first = high {
        bytes.append(first << 4 | value)
        high = nil
      } else {
        high = value
      }
    }
    self.bytes = bytes
  }

  /// What stands as the digest of nothing before a chain's first link: 32 zeros.
  public static let zero = SHA256Digest(bytes: [UInt8](repeating: 0, count: 32))

  init(_ digest: SHA256.Digest) {
    self.init(bytes: Array(digest))
  }

  private init(bytes: [UInt8]) {
    self.bytes = bytes
  }
}

extension SHA256Digest: CustomStringConvertible {
  /// The 64 hexadecimal digits.
  public var description: String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(64)
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
