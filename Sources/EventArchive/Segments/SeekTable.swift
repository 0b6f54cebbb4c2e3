internal import Zstd

/// The last frame of a sealed segment: how large every frame before it is, in zstd's seekable format (version 0.1.0), without
/// checksums.
///
/// Its sizes are those of all frames from the beginning of the file, the skippable one with the stream index too.
struct SeekTable: Hashable, Sendable {
  /// The sizes of one frame.
  struct Entry: Hashable, Sendable {
    /// How many bytes the frame has.
    var compressedBytes: UInt32
    /// How many bytes it holds; 0 for a skippable frame.
    var contentBytes: UInt32
  }

  /// Which skippable frame it is.
  static let kind: UInt8 = 0xE
  /// How many bytes of the end of the file tell how large the table is.
  static let tailBytes = 9
  private static let entryBytes = 8
  private static let magic: [UInt8] = [0xB1, 0xEA, 0x92, 0x8F]

  /// The frames, in the order of the file.
  var entries: [Entry]

  init(entries: [Entry]) {
    self.entries = entries
  }

  /// How many bytes the whole skippable frame has.
  var frameBytes: Int { Self.frameBytes(entries: entries.count) }

  private static func frameBytes(entries: Int) -> Int { SkippableFrame.headerBytes + entries * entryBytes + tailBytes }

  /// The whole skippable frame.
  func encoded() -> [UInt8] {
    var content: [UInt8] = []
    content.reserveCapacity(frameBytes)
    for entry in entries {
      Self.append(entry.compressedBytes, to: &content)
      Self.append(entry.contentBytes, to: &content)
    }
    Self.append(UInt32(entries.count), to: &content)
    // The descriptor: no checksums, nothing reserved.
    content.append(0)
    content.append(contentsOf: Self.magic)
    return SkippableFrame.encode(kind: Self.kind, content: content)
  }

  /// How many bytes the frame has that ends with `tail`, the last nine bytes of a file; nil when they end no table of ours.
  static func frameBytes(tail: some Collection<UInt8>) -> Int? {
    let tail = Array(tail)
    guard tail.count == tailBytes, tail[4] == 0, tail[5...].elementsEqual(magic) else { return nil }
    return frameBytes(entries: Int(number(tail, at: 0)))
  }

  /// The table that `frame` is; nil when it is none.
  init?(frame: some Collection<UInt8>) {
    let frame = Array(frame)
    guard let header = SkippableFrame(header: frame), header.kind == Self.kind, header.frameBytes == frame.count,
      Self.frameBytes(tail: frame.suffix(Self.tailBytes)) == frame.count
    else { return nil }
    let places = stride(from: SkippableFrame.headerBytes, to: frame.count - Self.tailBytes, by: Self.entryBytes)
    entries = places.map {
      Entry(compressedBytes: Self.number(frame, at: $0), contentBytes: Self.number(frame, at: $0 + 4))
    }
  }

  private static func append(_ value: UInt32, to bytes: inout [UInt8]) {
    for shift in stride(from: UInt32(0), to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
  }

  private static func number(_ bytes: [UInt8], at position: Int) -> UInt32 {
    bytes[position..<position + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }
}
