/// Searches that look at eight bytes at a time.
enum ByteSearch {
  /// Where the first LF at or after `start` is; the end when there is none.
  static func firstLineFeed(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    bytes.withMemoryRebound(to: UInt8.self) { bytes in
      guard let base = bytes.baseAddress else { return 0 }
      var position = start
      while position &+ 8 <= bytes.count {
        let hits = TextBytes.lineFeed(TextBytes.word(at: base + position))
        if hits != 0 { return position &+ hits.trailingZeroBitCount / 8 }
        position &+= 8
      }
      while position < bytes.count, base[position] != 0x0A { position &+= 1 }
      return position
    }
  }
}
