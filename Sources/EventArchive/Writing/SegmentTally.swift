internal import Crypto
internal import EventStoreCore

/// Everything that is told of a segment when it is sealed, collected frame by frame.
struct SegmentTally: Sendable {
  /// The segment's stream index.
  private(set) var index = StreamIndexBuilder()
  /// The size of the frames together.
  private(set) var compressedBytes = 0
  /// The size of their lines.
  private(set) var rawBytes = 0
  /// The end of the events.
  private(set) var tail: EventTail
  private var frames: [(compressedBytes: Int, contentBytes: Int)] = []
  private var hasher = SHA256()

  init(tail: EventTail) {
    self.tail = tail
  }

  /// Whether there is no frame.
  var isEmpty: Bool { frames.isEmpty }

  /// How many frames there are.
  var frameCount: Int { frames.count }

  /// The size of each frame.
  var frameBytes: [Int] { frames.map(\.compressedBytes) }

  /// Takes in the segment's next frame; `tail` is the end of its events.
  ///
  /// - Returns: as `StreamIndexBuilder.append`.
  @discardableResult
  mutating func append(_ frame: CompressedFrame, tail: EventTail) -> StreamName? {
    let disordered = index.append(frame)
    frames.append((compressedBytes: frame.bytes.count, contentBytes: frame.contentBytes))
    compressedBytes += frame.bytes.count
    rawBytes += frame.contentBytes
    frame.bytes.withUnsafeBytes { hasher.update(bufferPointer: $0) }
    self.tail.append(tail)
    return disordered
  }

  /// Takes the layout of the stream index, as `StreamIndexBuilder.takeLayout`; no footer can be made afterwards.
  mutating func takeLayout() -> [UInt8]? {
    index.takeLayout()
  }

  /// The footer of the segment as it is now.
  ///
  /// - Precondition: there is a frame.
  func footer() throws(ArchiveError) -> (bytes: Bytes, indexDigest: SHA256Digest) {
    guard let layout = index.layout() else { preconditionFailure("an empty segment has no footer") }
    do {
      return try SegmentFooter.encode(layout: layout, frames: frames)
    } catch {
      throw ArchiveError(.ioFailed, "the stream index cannot be made", cause: "\(error)")
    }
  }

  /// The SHA-256 of the frames and of what follows them in the file.
  func digest(followedBy rest: Bytes) -> SHA256Digest {
    var hasher = hasher
    rest.withUnsafeBytes { hasher.update(bufferPointer: $0) }
    return SHA256Digest(hasher.finalize())
  }

  /// What the manifest says of the segment once `footer` has been written.
  ///
  /// - Precondition: there is a frame.
  func record(
    sequence: Int, file: String, footer: Bytes, indexDigest: SHA256Digest, recorded: Timestamp
  ) -> SegmentRecord {
    guard let span = index.span else { preconditionFailure("an empty segment is not sealed") }
    return SegmentRecord(
      sequence: sequence, file: file, events: span.events, streams: index.streamCount,
      compressedBytes: compressedBytes + footer.count, rawBytes: rawBytes, digest: digest(followedBy: footer),
      indexDigest: indexDigest, first: SegmentRecord.Edge(position: span.firstPosition, created: span.firstCreated),
      last: SegmentRecord.Edge(position: span.lastPosition, created: span.lastCreated), anchors: tail.anchors,
      progress: tail.progress.values.sorted { $0.stream < $1.stream }, recorded: recorded)
  }
}
