internal import EventStoreCore

/// What the whole frames of a segment file hold, read one after the other without trusting its footer.
struct SegmentContent {
  /// Everything that a manifest would say of the frames.
  private(set) var tally: SegmentTally
  /// How the frames end.
  private(set) var end: FrameScanner.End
  /// The size of the file.
  private(set) var fileBytes: Int

  /// Reads a segment file.
  ///
  /// - Parameters:
  ///   - path: The file as people know it.
  ///   - order: What precedes the segment; takes in its events.
  ///   - tail: An empty one, of the archive's scope.
  ///   - onFrame: Told of each frame's events.
  /// - Throws: `damaged` for a whole frame that does not hold events in order, and the storage's errors. A bad frame is
  ///   told by `end`.
  init(
    of file: any ReadableFile, path: String, order: inout EventOrder, tail: EventTail,
    onFrame: ([RecordedEvent]) -> Void = { _ in }
  ) throws(ArchiveError) {
    let size = try file.size()
    fileBytes = size
    tally = SegmentTally(tail: tail)
    var scanner = try Self.converting(path) { try FrameScanner(fileBytes: size) }
    var decoder = EventLineDecoder()
    while let frame = try Self.converting(path, { try scanner.next { try file.bytes(at: $0, count: $1) } }) {
      let events = try Self.converting(path) { try decoder.decodeFrame(frame.content) }
      var frameTail = tail
      for event in events {
        do throws(ArchiveError) {
          try order.accept(event)
        } catch {
          throw ArchiveError(
            .damaged, error.message, path: path, offset: frame.offset, stream: error.stream, position: error.position)
        }
        frameTail.append(event)
      }
      guard let summary = FrameSummary(events) else {
        throw ArchiveError(.damaged, "a frame holds no events", path: path, offset: frame.offset)
      }
      let compressed = CompressedFrame(
        bytes: frame.bytes, digest: SHA256Digest(of: frame.bytes), contentBytes: frame.content.count, summary: summary)
      tally.append(compressed, tail: frameTail)
      onFrame(events)
    }
    guard let end = scanner.end else { preconditionFailure("a scanner that has ended says how") }
    self.end = end
  }

  /// Runs `body`, whose errors are a segment's or the storage's.
  static func converting<Result>(_ path: String, _ body: () throws -> Result) throws(ArchiveError) -> Result {
    do {
      return try body()
    } catch let error as ArchiveError {
      throw error
    } catch let error as SegmentDamage {
      throw ArchiveError(.damaged, error.message, path: path, offset: error.offset)
    } catch {
      throw ArchiveError(.ioFailed, "the segment cannot be read", path: path, cause: "\(error)")
    }
  }
}
