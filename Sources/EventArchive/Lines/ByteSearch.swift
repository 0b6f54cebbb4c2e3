/// Searches that look at eight bytes at a time.
enum ByteSearch {
  /// Where the first LF at or after `start` is; the end when there is none.
  static func firstLineFeed(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    guard let base = bytes.baseAddress else { return 0 }
    var offset = start
    while offset &+ 8 <= bytes.count {
      let word = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      let hits = zeros(word ^ (ones &* 0x0A))
      if hits != 0 { return offset &+ hits.trailingZeroBitCount / 8 }
      offset &+= 8
    }
    while offset < bytes.count, bytes[offset] != 0x0A { offset &+= 1 }
    return offset
  }

  static let ones: UInt64 = 0x0101_0101_0101_0101
  static let highs: UInt64 = 0x8080_8080_8080_8080

  /// The high bit of each byte that is zero; exact for the lowest such byte.
  @inline(__always)
  static func zeros(_ word: UInt64) -> UInt64 {
    (word &- ones) & ~word & highs
  }
}
