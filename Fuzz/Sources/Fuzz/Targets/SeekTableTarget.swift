@testable import EventArchive
@testable import Zstd

/// The last frame of a sealed segment: a seek table is written as it was read, byte for byte.
enum SeekTableTarget: FuzzTarget {
  static let name = "seektable"

  static func seeds(_ samples: Samples) throws -> [[UInt8]] {
    (0..<5).map { count in
      let sizes = (0..<count).map { UInt32($0) }
      let entries = sizes.map { SeekTable.Entry(compressedBytes: $0 + 1, contentBytes: .max - $0) }
      return SeekTable(entries: entries).encoded()
    }
  }

  static func run(_ input: [UInt8]) {
    let claimed = SeekTable.frameBytes(tail: input.suffix(SeekTable.tailBytes))
    guard let table = SeekTable(frame: input) else {
      return claim(
        claimed != input.count || SkippableFrame(header: input)?.frameBytes != input.count
          || SkippableFrame(header: input)?.kind != SeekTable.kind, "a seek table is not taken")
    }
    claim(claimed == input.count && table.frameBytes == input.count, "a seek table has another size than it says")
    claim(table.encoded() == input, "a seek table is written otherwise than it was read")
  }
}
