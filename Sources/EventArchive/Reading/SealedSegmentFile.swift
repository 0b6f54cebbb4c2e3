internal import Crypto
internal import EventStoreCore

/// The file of a sealed segment, opened to read: everything that is taken from it has been checked first.
final class SealedSegmentFile: Sendable {
  private static let pieceBytes = 1 << 20

  let record: SegmentRecord
  /// The stream index and the places of the frames, checked against the manifest.
  let footer: SegmentFooter
  private let file: any ReadableFile
  private let path: String
  private let wanted: WantedStreams?
  private let frameDecoder: FrameDecoder

  /// Opens the segment, and checks its size and its index; nil when the file is not there.
  ///
  /// - Parameters:
  ///   - wanted: The streams that are looked for: the index holds no others, nor do frames. Nil for all events; the
  ///   index then holds no streams.
  ///   - known: The footer, if it was read and checked before.
  /// - Throws: `damaged`, and the storage's errors.
  init?(
    _ record: SegmentRecord, in storage: any ArchiveStorage, only wanted: WantedStreams?, known: SegmentFooter?
  ) throws(ArchiveError) {
    let path = storage.path(record.file)
    guard let file = try Self.open(record, in: storage) else { return nil }
    // Who reads everything has no use for where the streams are.
    if let known {
      footer = known
    } else {
      footer = try Self.footer(of: record, file, path: path, only: wanted ?? WantedStreams([]))
    }
    frameDecoder = try SegmentContent.converting(path) { try FrameDecoder() }
    self.record = record
    self.wanted = wanted
    self.file = file
    self.path = path
  }

  /// What the footer of the segment holds, checked against the manifest; nil when the file is not there.
  ///
  /// - Throws: `damaged`, and the storage's errors.
  static func footer(of record: SegmentRecord, in storage: any ArchiveStorage) throws(ArchiveError) -> FooterContent? {
    guard let file = try open(record, in: storage) else { return nil }
    defer { file.close() }
    return try content(of: record, file, path: storage.path(record.file))
  }

  /// The footer of the segment, checked against the manifest; nil when the file is not there.
  ///
  /// - Parameter wanted: The streams that its index is to hold.
  /// - Throws: `damaged`, and the storage's errors.
  static func footer(
    of record: SegmentRecord, in storage: any ArchiveStorage, only wanted: WantedStreams
  ) throws(ArchiveError) -> SegmentFooter? {
    guard let file = try open(record, in: storage) else { return nil }
    defer { file.close() }
    return try footer(of: record, file, path: storage.path(record.file), only: wanted)
  }

  private static func open(
    _ record: SegmentRecord, in storage: any ArchiveStorage
  ) throws(ArchiveError) -> (any ReadableFile)? {
    guard let file = try storage.openForReading(record.file) else { return nil }
    try record.checkSize(try file.size(), path: storage.path(record.file))
    return file
  }

  private static func footer(
    of record: SegmentRecord, _ file: any ReadableFile, path: String, only wanted: WantedStreams
  ) throws(ArchiveError) -> SegmentFooter {
    let content = try content(of: record, file, path: path)
    return try SegmentContent.converting(path) { try SegmentFooter(content, only: wanted) }
  }

  private static func content(
    of record: SegmentRecord, _ file: any ReadableFile, path: String
  ) throws(ArchiveError) -> FooterContent {
    let content = try SegmentContent.converting(path) {
      try FooterContent(fileBytes: record.compressedBytes) { try file.bytes(at: $0, count: $1) }
    }
    guard content.indexDigest == record.indexDigest else {
      throw ArchiveError(
        .damaged, "the segment's stream index is not the one that the manifest names", path: path,
        segment: record.sequence, offset: content.dataBytes)
    }
    return content
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
    let bytes = try bytes(ofFrame: number)
    return try SegmentContent.converting(path) {
      let content = try frameDecoder.content(of: bytes, number: number, in: footer)
      return try converting(number) { () throws(SegmentDamage) in
        var decoder = EventLineDecoder()
        return try decoder.decodeFrame(content, only: wanted)
      }
    }
  }

  /// The wanted events of some frames, each checked against the index; the frames are decoded on all cores at once.
  ///
  /// They are copies: a frame's content does not stay in memory for a few events of it.
  func wantedEvents(ofFrames numbers: [Int]) -> [Result<[RecordedEvent], ArchiveError>] {
    let frames = numbers.map { number in
      (number, Result { () throws(ArchiveError) in try bytes(ofFrame: number) })
    }
    return Concurrently.map(frames) { [self] number, bytes in
      Result { () throws(ArchiveError) in
        let bytes = try bytes.get()
        return try SegmentContent.converting(path) {
          let content = try FrameDecoder().content(of: bytes, number: number, in: footer)
          var decoder = EventLineDecoder()
          let events = try converting(number) { () throws(SegmentDamage) in
            try decoder.decodeFrame(content, only: wanted)
          }
          return events.map { $0.detached() }
        }
      }
    }
  }

  private func bytes(ofFrame number: Int) throws(ArchiveError) -> Bytes {
    let location = footer.locations[number]
    return try file.bytes(at: location.offset, count: location.compressedBytes)
  }

  /// Says of damage within a frame's content where the frame is.
  private func converting<Result>(
    _ number: Int, _ body: () throws(SegmentDamage) -> Result
  ) throws(ArchiveError) -> Result {
    do throws(SegmentDamage) {
      return try body()
    } catch {
      throw ArchiveError(
        .damaged, "\(error.message), \(error.offset) bytes into the frame", path: path, segment: record.sequence,
        offset: footer.locations[number].offset)
    }
  }
}

extension RecordedEvent {
  /// The event with copies of its payloads, which keep nothing else alive.
  fileprivate func detached() -> RecordedEvent {
    var event = self
    event.data = data.detached()
    event.metadata = metadata.detached()
    return event
  }
}
