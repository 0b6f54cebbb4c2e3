internal import EventStoreCore
internal import Zstd

/// Reads a segment file to its end whatever is wrong with it, and collects what is.
struct SegmentExamination {
  /// The most faults that are told of one segment; so that memory stays bounded.
  static let maximumFaults = 1000

  /// What is wrong, in the order of the file.
  private(set) var faults: [ArchiveFault] = []
  /// Everything that a manifest would say of the good frames.
  private(set) var tally: SegmentTally
  /// How the frames end.
  private(set) var end = FrameScanner.End.whole
  /// Whether every frame and every line was good, so that counts can be compared.
  private(set) var isComplete = true

  private let path: String
  private var order: EventOrder
  private let scope: ArchiveScope
  private let emptyTail: EventTail

  /// An examination of the segment in the file `path`, relative to the archive, which follows what `order` has seen.
  ///
  /// - Parameter tail: An empty one.
  init(path: String, scope: ArchiveScope, order: EventOrder, tail: EventTail) {
    self.path = path
    self.scope = scope
    emptyTail = tail
    self.order = order
    tally = SegmentTally(tail: tail)
  }

  /// What the order is after the segment.
  var orderAfter: EventOrder { order }

  /// Reads the file.
  ///
  /// - Parameter onFrame: Told of the compressed bytes and the events of each good frame.
  /// - Throws: the storage's errors.
  mutating func read(
    _ file: any ReadableFile, onFrame: (_ bytes: Int, _ events: Int) -> Void
  ) throws(ArchiveError) {
    let size = try file.size()
    let read: ReadBytes = { try file.bytes(at: $0, count: $1) }
    var frames = try SegmentContent.converting(path) {
      try ParallelFrames(fileBytes: size) { [scope, emptyTail] frame in
        FrameExamination(frame, scope: scope, tail: emptyTail)
      }
    }
    while true {
      while true {
        let batch = try SegmentContent.converting(path) { try frames.next(read: read) }
        if batch.isEmpty { break }
        for frame in batch {
          take(frame.outcome, of: frame)
          onFrame(frame.bytes.count, frame.outcome.events)
        }
      }
      guard case .damaged(let damage) = frames.end else { break }
      isComplete = false
      add(ArchiveFault(.badFrame, path: path, offset: damage.offset, detail: damage.message))
      guard try SegmentContent.converting(path, { try frames.resynchronize(read: read) }) else { break }
    }
    guard let end = frames.end else { preconditionFailure("a walk that has ended says how") }
    self.end = end
  }

  /// Takes the layout of the stream index, to compare a footer with; nil when something bad is not in it.
  mutating func takeLayout() -> [UInt8]? {
    isComplete ? tally.takeLayout() : nil
  }

  /// The SHA-256 of the file that was read.
  ///
  /// - Throws: the storage's errors.
  func digest(of file: any ReadableFile, fileBytes: Int) throws(ArchiveError) -> SHA256Digest {
    // Bad frames are not in the tally, nor is what stands between frames.
    guard isComplete else { return try SealedSegmentFile.digest(of: file) }
    return tally.digest(followedBy: try file.bytes(at: tally.compressedBytes, count: fileBytes - tally.compressedBytes))
  }

  /// Takes in a whole frame.
  private mutating func take(_ examination: FrameExamination, of frame: ExaminedFrame<FrameExamination>) {
    for line in examination.badLines {
      isComplete = false
      add(
        ArchiveFault(
          .badLine, path: path, offset: frame.offset,
          detail: "the line \(line.offset) bytes into the frame is not an event: \(line.damage)"))
    }
    let summary = examination.summary
    guard !summary.isEmpty else { return }
    let described = CompressedFrame(
      bytes: frame.bytes, digest: examination.digest, contentBytes: frame.contentBytes, summary: summary)
    let disordered = tally.append(described, tail: examination.tail)
    // One complaint for a frame is enough, because what follows a jump back is out of order too.
    let complaint =
      orderComplaint(examination, summary) ?? examination.disorder
      ?? disordered.map { "the numbers of the stream \($0) do not go on after those of the frames before" }
    if let complaint { add(ArchiveFault(.wrongOrder, path: path, offset: frame.offset, detail: complaint)) }
  }

  /// What is wrong with the place of a frame's events after those of the frames before.
  private mutating func orderComplaint(_ examination: FrameExamination, _ summary: FrameSummary) -> String? {
    do throws(ArchiveError) {
      try order.append(examination.order, summary)
      return nil
    } catch {
      return error.description
    }
  }

  private mutating func add(_ fault: ArchiveFault) {
    if faults.count == Self.maximumFaults {
      faults.append(ArchiveFault(fault.kind, path: path, detail: "more faults follow that are not told"))
    } else if faults.count < Self.maximumFaults {
      faults.append(fault)
    }
  }
}
