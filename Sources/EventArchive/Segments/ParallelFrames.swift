package import EventStoreCore
package import Zstd

/// Walks through a segment as a `FrameScanner` does, with all cores: while some frames are taken in, the next are looked at.
///
/// What is in memory is bounded: the compressed frames of three windows, and for each thread the content of one frame.
package struct ParallelFrames<Outcome: Sendable> {
  /// Frames that are looked at, and where in the file the last of them ends.
  private typealias Ahead = (batch: FrameBatch<Outcome>, end: Int)

  private let work: @Sendable (FrameView) -> Outcome
  private let decoders = FrameDecoderPool()
  private var scanner: FrameScanner
  private var ahead: Ahead?

  /// A walk over a file of this size; `work` makes something of each whole frame.
  ///
  /// - Throws: `outOfMemory`.
  package init(fileBytes: Int, work: @escaping @Sendable (FrameView) -> Outcome) throws(ZstdError) {
    scanner = try FrameScanner(fileBytes: fileBytes)
    self.work = work
  }

  /// How the frames end; nil until `next(read:)` has returned nothing.
  package var end: FrameScanner.End? { scanner.end }

  /// The next whole frames; none at the end, which `end` then describes.
  ///
  /// - Throws: what `read` throws.
  package mutating func next(
    read: (_ offset: Int, _ count: Int) throws -> Bytes
  ) throws -> [ExaminedFrame<Outcome>] {
    guard scanner.end == nil, scanner.offset < scanner.fileBytes else { return try nextAlone(read) }
    let current = try ahead ?? begin(at: scanner.offset, read)
    ahead = nil
    let following = try begin(at: current.end, read)
    let frames = current.batch.finish()
    scanner.offset += frames.reduce(0) { $0 + $1.bytes.count }
    if scanner.offset == current.end, !frames.isEmpty {
      ahead = following
    } else {
      following.batch.abandon()
    }
    // What is wrong with a frame, or that none follows, is found out one by one.
    return frames.isEmpty ? try nextAlone(read) : frames
  }

  /// Goes on behind a bad frame, with the next good one; false when there is none. Only after `damaged`.
  package mutating func resynchronize(read: (_ offset: Int, _ count: Int) throws -> Bytes) throws -> Bool {
    try scanner.resynchronize(read: read)
  }

  private mutating func nextAlone(_ read: ReadBytes) throws -> [ExaminedFrame<Outcome>] {
    guard let frame = try scanner.next(read: read) else { return [] }
    let outcome = frame.content.withUnsafeBytes { content in
      work(FrameView(offset: frame.offset, bytes: frame.bytes, content: content))
    }
    return [
      ExaminedFrame(
        offset: frame.offset, bytes: frame.bytes, contentBytes: frame.content.count, outcome: outcome)
    ]
  }

  private func begin(at offset: Int, _ read: ReadBytes) throws -> Ahead {
    let candidates = try FrameCandidates.found(at: offset, fileBytes: scanner.fileBytes, read)
    let end = candidates.last.map { $0.offset + $0.bytes.count } ?? offset
    return (FrameBatch(candidates, decoders: decoders, work: work), end)
  }
}
