/// A frame that every zstd decoder passes over: four bytes of magic, four of size, and content of our own (RFC 8878, section 3.1.2).
package struct SkippableFrame: Hashable, Sendable {
  /// How many bytes stand before the content.
  package static let headerBytes = 8

  /// Which of the 16 kinds it is, 0 to 15: the last half byte of the magic.
  package var kind: UInt8
  /// How many bytes of content follow the header.
  package var contentBytes: Int

  /// - Precondition: `kind` is below 16, and `contentBytes` fits 32 bits.
  package init(kind: UInt8, contentBytes: Int) {
    precondition(kind < 16 && UInt32(exactly: contentBytes) != nil, "no skippable frame has this kind or size")
    self.kind = kind
    self.contentBytes = contentBytes
  }

  /// The header that `bytes` begin with; nil when they do not begin with one, or are fewer than eight.
  package init?(header bytes: some Collection<UInt8>) {
    let header = Array(bytes.prefix(Self.headerBytes))
    guard header.count == Self.headerBytes, header[0] & 0xF0 == 0x50, header[1...3].elementsEqual(Self.magicTail) else {
      return nil
    }
    kind = header[0] & 0x0F
    contentBytes = header[4...].reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  private static let magicTail: [UInt8] = [0x2A, 0x4D, 0x18]

  /// Header and content together.
  package var frameBytes: Int { Self.headerBytes + contentBytes }

  /// The eight bytes that stand before the content.
  package var header: [UInt8] {
    [0x50 | kind] + Self.magicTail + (0..<4).map { UInt8(truncatingIfNeeded: contentBytes >> (8 * $0)) }
  }

  /// A whole frame around `content`.
  package static func encode(kind: UInt8, content: some Collection<UInt8>) -> [UInt8] {
    SkippableFrame(kind: kind, contentBytes: content.count).header + content
  }
}
