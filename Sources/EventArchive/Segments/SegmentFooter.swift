package import EventStoreCore
internal import Zstd

/// Reads `count` bytes at `offset` of a file; fewer only at the end of the file.
package typealias ReadBytes = (_ offset: Int, _ count: Int) throws -> Bytes

/// What follows the last frame of a sealed segment: the stream index and the seek table, each in a skippable frame
/// (ARCHIVE-FORMAT.md, "Footer").
package struct SegmentFooter: Hashable, Sendable {
  /// Where a frame is, and how large.
  package struct FrameLocation: Hashable, Sendable {
    /// Where in the file the frame begins.
    package var offset: Int
    /// How many bytes the frame has.
    package var compressedBytes: Int
    /// How many bytes of NDJSON it holds.
    package var contentBytes: Int
  }

  /// The stream index.
  package let index: StreamIndex
  /// The SHA-256 of the skippable frame with the index.
  package let indexDigest: SHA256Digest
  /// The frames, in the order of the file; as many as the index has, one or more.
  package let locations: [FrameLocation]

  /// How many bytes the frames have together: where the footer begins.
  package var dataBytes: Int { locations.last.map { $0.offset + $0.compressedBytes } ?? 0 }

  /// How many bytes of NDJSON the frames hold together.
  package var contentBytes: Int { locations.reduce(0) { $0 + $1.contentBytes } }

  /// The footer of a segment with this index, whose frames have these sizes.
  ///
  /// - Precondition: there are as many frames as the index has.
  /// - Returns: the bytes to write after the last frame, and the digest of the index among them.
  /// - Throws: `ZstdError` of code `tooLarge` when the index exceeds 256 MiB, or a frame 4 GiB; `outOfMemory`.
  package static func encode(
    index: StreamIndex, frames: [(compressedBytes: Int, contentBytes: Int)]
  ) throws -> (bytes: Bytes, indexDigest: SHA256Digest) {
    precondition(index.frames.count == frames.count, "the index describes other frames")
    let indexFrame = try IndexFrame.encode(index)
    let entries = try (frames + [(indexFrame.count, 0)]).map { frame in
      guard let compressed = UInt32(exactly: frame.compressedBytes), let content = UInt32(exactly: frame.contentBytes)
      else {
        throw ZstdError(.tooLarge, "a frame of \(frame.contentBytes) bytes is too large for the seek table")
      }
      return SeekTable.Entry(compressedBytes: compressed, contentBytes: content)
    }
    let bytes = indexFrame + SeekTable(entries: entries).encoded()
    return (Bytes(bytes), indexFrame.withUnsafeBytes { SHA256Digest(ofMemory: $0) })
  }

  /// Reads the footer of a segment file from its end.
  ///
  /// Whatever the file claims, no more memory is taken than the file has bytes, and 256 MiB for the index.
  ///
  /// - Parameter wanted: The streams that the index is to hold, nil for all.
  /// - Throws: `SegmentDamage` of code `seekTable`, `index` or `truncated` when the file has no whole footer; what `read`
  ///   throws.
  package static func decode(
    fileBytes: Int, only wanted: WantedStreams? = nil, read: ReadBytes
  ) throws -> SegmentFooter {
    let table = try readTable(fileBytes: fileBytes, read: read)
    let tableOffset = fileBytes - table.frameBytes
    guard let indexEntry = table.entries.last, indexEntry.contentBytes == 0, table.entries.count > 1,
      table.entries.reduce(0, { $0 + Int($1.compressedBytes) }) == tableOffset
    else { throw SegmentDamage(.seekTable, "the seek table does not describe this file", offset: tableOffset) }
    let indexBytes = Int(indexEntry.compressedBytes)
    let indexOffset = tableOffset - indexBytes
    let frame = try exactly(indexBytes, at: indexOffset, read)
    let index = try IndexFrame.decode(frame, at: indexOffset, only: wanted)
    guard index.frames.count == table.entries.count - 1 else {
      throw SegmentDamage(
        .index, "the stream index and the seek table differ in the number of frames", offset: indexOffset)
    }
    let digest = frame.withUnsafeBytes { SHA256Digest(ofMemory: $0) }
    return SegmentFooter(index: index, indexDigest: digest, locations: locations(table.entries.dropLast()))
  }

  private static func readTable(fileBytes: Int, read: ReadBytes) throws -> SeekTable {
    let tailOffset = fileBytes - SeekTable.tailBytes
    guard tailOffset >= 0 else {
      throw SegmentDamage(.truncated, "the file is too short for a sealed segment", offset: fileBytes)
    }
    let tail = try exactly(SeekTable.tailBytes, at: tailOffset, read)
    guard let tableBytes = SeekTable.frameBytes(tail: tail), tableBytes <= fileBytes else {
      throw SegmentDamage(.seekTable, "the file does not end with a seek table", offset: tailOffset)
    }
    guard let table = SeekTable(frame: try exactly(tableBytes, at: fileBytes - tableBytes, read)) else {
      throw SegmentDamage(.seekTable, "the seek table is not well formed", offset: fileBytes - tableBytes)
    }
    return table
  }

  private static func exactly(_ count: Int, at offset: Int, _ read: ReadBytes) throws -> Bytes {
    let bytes = try read(offset, count)
    guard bytes.count == count else {
      throw SegmentDamage(.truncated, "the file became shorter while it was read", offset: offset + bytes.count)
    }
    return bytes
  }

  private static func locations(_ entries: some Sequence<SeekTable.Entry>) -> [FrameLocation] {
    var offset = 0
    return entries.map { entry in
      defer { offset += Int(entry.compressedBytes) }
      return FrameLocation(
        offset: offset, compressedBytes: Int(entry.compressedBytes), contentBytes: Int(entry.contentBytes))
    }
  }
}
