internal import EventStoreCore
internal import Zstd

/// What the footer of a segment holds, read from the end of the file; the layout of the stream index is not looked at yet.
struct FooterContent {
  /// The layout of the stream index.
  let layout: ZstdBuffer
  /// The SHA-256 of the skippable frame with the index.
  let indexDigest: SHA256Digest
  /// The frames, in the order of the file; one or more.
  let locations: [FrameLocation]

  /// How many bytes the frames have together: where the footer begins.
  var dataBytes: Int { locations.last?.end ?? 0 }

  /// How many bytes of NDJSON the frames hold together.
  var contentBytes: Int { locations.reduce(0) { $0 + $1.contentBytes } }

  /// Reads the footer of a file; as `SegmentFooter.decode`.
  init(fileBytes: Int, read: ReadBytes) throws {
    let table = try Self.readTable(fileBytes: fileBytes, read: read)
    let tableOffset = fileBytes - table.frameBytes
    guard let indexEntry = table.entries.last, indexEntry.contentBytes == 0, table.entries.count > 1,
      table.entries.reduce(0, { $0 + Int($1.compressedBytes) }) == tableOffset
    else { throw SegmentDamage(.seekTable, "the seek table does not describe this file", offset: tableOffset) }
    let indexBytes = Int(indexEntry.compressedBytes)
    let indexOffset = tableOffset - indexBytes
    let frame = try Self.exactly(indexBytes, at: indexOffset, read)
    layout = try IndexFrame.decode(frame, at: indexOffset)
    indexDigest = frame.withUnsafeBytes { SHA256Digest(ofMemory: $0) }
    locations = Self.locations(table.entries.dropLast())
  }

  /// Gives `body` every stream that the index has, sorted by name, without where its events are.
  ///
  /// - Throws: `SegmentDamage` of code `index`; `body` may have got some streams then.
  func forEachStream(_ body: (StreamIndexReader.Stream) -> Void) throws(SegmentDamage) {
    let frames: Int? = layout.withUnsafeBytes { layout in
      guard var reader = StreamIndexReader(layout), reader.forEachStream(placesOf: { _ in false }, body) else {
        return nil
      }
      return reader.frames.count
    }
    guard let frames else {
      throw SegmentDamage(.index, "the stream index is not well formed", offset: dataBytes)
    }
    try check(frames: frames)
  }

  /// Checks that the index has as many frames as the seek table.
  ///
  /// - Throws: `SegmentDamage` of code `index`.
  func check(frames: Int) throws(SegmentDamage) {
    guard frames == locations.count else {
      throw SegmentDamage(
        .index, "the stream index and the seek table differ in the number of frames", offset: dataBytes)
    }
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
