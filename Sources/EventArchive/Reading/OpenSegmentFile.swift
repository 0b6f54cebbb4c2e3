internal import EventStoreCore

/// The file of the open segment as it was when the archive was opened: its whole frames up to then.
///
/// The file is held open, so it can be read on when its writer has sealed it meanwhile.
final class OpenSegmentFile: Sendable {
  /// Where a frame is.
  struct Frame: Sendable {
    var offset: Int
    var bytes: Int
  }

  /// What the frames hold.
  let summary: OpenSegment
  /// Of each stream what the segment holds; nil when it has no whole frame.
  let index: StreamIndex?
  /// The end of its events.
  let tail: EventTail
  private let frames: [Frame]
  private let file: any ReadableFile
  private let path: String

  /// Reads the segment that follows those that `manifest` names, and remembers where its frames are; nil when there is no
  /// such file.
  ///
  /// - Throws: `damaged` for damage that no crash leaves, and the storage's errors.
  init?(_ name: String, of manifest: Manifest, in storage: any ArchiveStorage) throws(ArchiveError) {
    guard let file = try storage.openForReading(name) else { return nil }
    let path = storage.path(name)
    let sequence = manifest.lastSequence + 1
    let isFinished = name == ArchiveLayout.sealed(sequence)
    var order = EventOrder(manifest.description.scope, after: manifest.resumePoint)
    let content = try SegmentContent(
      of: file, path: path, order: &order, tail: EventTail(manifest.description.scope, anchorLimit: 8))
    if case .damaged(let damage) = content.end {
      throw ArchiveError(
        .damaged, "the open segment is damaged: \(damage.message)", path: path, segment: sequence,
        offset: damage.offset)
    }
    index = content.tally.index.build()
    tail = content.tally.tail
    frames = content.tally.frameBytes.reduce(into: []) { frames, bytes in
      frames.append(Frame(offset: frames.last.map { $0.offset + $0.bytes } ?? 0, bytes: bytes))
    }
    let span = index?.span
    summary = OpenSegment(
      sequence: sequence, file: name, events: span?.events ?? 0, compressedBytes: content.tally.compressedBytes,
      rawBytes: content.tally.rawBytes,
      tornBytes: isFinished ? 0 : content.fileBytes - content.tally.compressedBytes, isFinished: isFinished,
      first: span.map { SegmentRecord.Edge(position: $0.firstPosition, created: $0.firstCreated) },
      last: span.map { SegmentRecord.Edge(position: $0.lastPosition, created: $0.lastCreated) },
      modified: try file.modified())
    self.file = file
    self.path = path
  }

  /// How many whole frames there are.
  var frameCount: Int { frames.count }

  /// The events of frame `number`, from 0; only those of some streams unless `wanted` is nil.
  ///
  /// - Throws: `damaged`, and the storage's errors.
  func events(ofFrame number: Int, only wanted: WantedStreams?) throws(ArchiveError) -> [RecordedEvent] {
    let frame = frames[number]
    let bytes = try file.bytes(at: frame.offset, count: frame.bytes)
    return try SegmentContent.converting(path) {
      var decoder = EventLineDecoder()
      return try decoder.decodeFrame(FrameDecoder().content(of: bytes, at: frame.offset), only: wanted)
    }
  }
}
