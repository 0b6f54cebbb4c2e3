import EventArchive
import EventStoreCore
import Zstd

/// Files that end as sealed segments do, around any layout of the stream index and any seek table.
enum ForgedFooter {
  /// LEB128.
  static func number(_ value: UInt64) -> [UInt8] {
    value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7F) | 0x80] + number(value >> 7)
  }

  /// LEB128 of the zigzag form.
  static func signed(_ value: Int64) -> [UInt8] {
    number(UInt64(bitPattern: value << 1 ^ value >> 63))
  }

  /// One frame of the layout, without positions.
  static func frame(events: UInt64, created: Int64 = 0) -> [UInt8] {
    [UInt8](repeating: 7, count: 32) + number(events) + [0] + signed(created) + signed(created)
  }

  /// The zstd frames that stand in for events.
  static func frames(_ count: Int) throws -> [[UInt8]] {
    let compressor = try ZstdCompressor(level: 1)
    return try (0..<count).map { try compressor.compress(Array("frame \($0)\n".utf8)) }
  }

  /// The skippable frame with this layout.
  static func index(_ layout: [UInt8]) throws -> [UInt8] {
    SkippableFrame.encode(kind: 1, content: Array("EVINDEX1".utf8) + (try ZstdCompressor(level: 1).compress(layout)))
  }

  /// The seek table of frames with these sizes.
  static func seekTable(_ sizes: [(compressed: Int, content: Int)]) -> [UInt8] {
    func number(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    let entries = sizes.flatMap { number($0.compressed) + number($0.content) }
    return SkippableFrame.encode(kind: 14, content: entries + number(sizes.count) + [0, 0xB1, 0xEA, 0x92, 0x8F])
  }

  /// A whole file: as many frames as are asked for, this layout, and the seek table of both.
  static func file(frames count: Int, layout: [UInt8]) throws -> [UInt8] {
    let frames = try frames(count)
    let index = try index(layout)
    return frames.flatMap { $0 } + index + seekTable(frames.map { ($0.count, 8) } + [(index.count, 0)])
  }

  /// What a reader makes of a file.
  static func decode(_ file: [UInt8]) throws -> SegmentFooter {
    try SegmentFooter.decode(fileBytes: file.count) { offset, count in
      guard offset >= 0, count >= 0, offset <= file.count else { throw OutsideOfFile(offset: offset, count: count) }
      return Bytes(file[offset..<min(offset + count, file.count)])
    }
  }

  /// A reader asked for bytes that no file has.
  struct OutsideOfFile: Error {
    var offset: Int
    var count: Int
  }
}
