internal import Crypto
internal import EventStoreCore

/// The file of a sealed segment, opened to read: everything that is taken from it has been checked first.
final class SealedSegmentFile {
  private static let pieceBytes = 1 << 20

  let record: SegmentRecord
  /// The stream index and the places of the frames, checked against the manifest.
  let footer: SegmentFooter
  private let file: any ReadableFile
  private let path: String
  private let wanted: WantedStreams?
  private let frameDecoder: FrameDecoder
  private var lineDecoder = EventLineDecoder()

  /// Opens the segment, and checks its size and its index; nil when the file is not there.
  ///
  /// - Parameter wanted: The streams that are looked for: the index holds no others, nor do frames. Nil for all events; the
  ///   index then holds no streams.
  /// - Throws: `damaged`, and the storage's errors.
  init?(
    _ record: SegmentRecord, in storage: any ArchiveStorage, only wanted: WantedStreams? = nil
  ) throws(ArchiveError) {
    guard let (file, content) = try Self.open(record, in: storage) else { return nil }
    let path = storage.path(record.file)
    // Who reads everything has no use for where the streams are.
    let held = wanted ?? WantedStreams([])
    (footer, frameDecoder) = try SegmentContent.converting(path) {
      (try SegmentFooter(content, only: held), try FrameDecoder())
    }
    self.record = record
    self.wanted = wanted
    self.file = file
    self.path = path
  }

  /// What the footer of the segment holds, checked against the manifest; nil when the file is not there.
  ///
  /// - Throws: `damaged`, and the storage's errors.
  static func footer(of record: SegmentRecord, in storage: any ArchiveStorage) throws(ArchiveError) -> FooterContent? {
    guard let (file, content) = try open(record, in: storage) else { return nil }
    file.close()
    return content
  }

  private static func open(
    _ record: SegmentRecord, in storage: any ArchiveStorage
  ) throws(ArchiveError) -> (any ReadableFile, FooterContent)? {
    guard let file = try storage.openForReading(record.file) else { return nil }
    let path = storage.path(record.file)
    let size = try file.size()
    try record.checkSize(size, path: path)
    let content = try SegmentContent.converting(path) {
      try FooterContent(fileBytes: size) { try file.bytes(at: $0, count: $1) }
    }
    guard content.indexDigest == record.indexDigest else {
      throw ArchiveError(
        .damaged, "the segment's stream index is not the one that the manifest names", path: path,
        segment: record.sequence, offset: content.dataBytes)
    }
    return (file, content)
  }

  deinit {
    file.close()
  }

  /// Checks the SHA-256 of the whole file.
  ///
  /// - Throws: `damaged`, and the storage's errors.
  func checkDigest() throws(ArchiveError) {
    guard try Self.digest(of: file) == record.digest else {
      throw ArchiveError(
        .damaged, "the segment's SHA-256 is not the one that the manifest names", path: path, segment: record.sequence,
        hint: "`eventvault verify` says what is wrong; bring the file back from a copy of the archive")
    }
  }

  /// The SHA-256 of a whole file.
  static func digest(of file: any ReadableFile) throws(ArchiveError) -> SHA256Digest {
    var hasher = SHA256()
    var offset = 0
    while true {
      let piece = try file.bytes(at: offset, count: pieceBytes)
      if piece.isEmpty { return SHA256Digest(hasher.finalize()) }
      piece.withUnsafeBytes { hasher.update(bufferPointer: $0) }
      offset += piece.count
    }
  }

  /// How many frames there are.
  var frameCount: Int { footer.locations.count }

  /// The events of frame `number`, from 0, checked against the index.
  ///
  /// - Throws: `damaged`, and the storage's errors.
  func events(ofFrame number: Int) throws(ArchiveError) -> [RecordedEvent] {
    let location = footer.locations[number]
    let bytes = try file.bytes(at: location.offset, count: location.compressedBytes)
    return try SegmentContent.converting(path) {
      let content = try frameDecoder.content(of: bytes, number: number, in: footer)
      do throws(SegmentDamage) {
        return try lineDecoder.decodeFrame(content, only: wanted)
      } catch {
        throw ArchiveError(
          .damaged, "\(error.message), \(error.offset) bytes into the frame", path: path, segment: record.sequence,
          offset: location.offset)
      }
    }
  }
}
