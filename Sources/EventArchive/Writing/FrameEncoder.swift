internal import EventStoreCore
internal import Zstd

/// Turns events into frames: lines, then compressed, then with their digest.
///
/// For one thread at a time. The memory for lines and for compression is kept from frame to frame.
final class FrameEncoder: @unchecked Sendable {
  // Unchecked: used by one thread at a time.

  /// A frame, and the end of its events.
  struct Output: Sendable {
    var frame: CompressedFrame
    var tail: EventTail
  }

  /// The most memory for lines that is kept for the next frame; one with a long line may need more.
  private static let maximumKeptBytes = 4 << 20

  private let maximumBytes: Int
  private let emptyTail: EventTail
  private let compressor: ZstdCompressor
  private var lines: LineBuffer
  private var compressed = ZstdBuffer(capacity: 1)

  /// - Parameters:
  ///   - maximumBytes: The most bytes of NDJSON that several lines in one frame have; a longer line is a frame of its own.
  ///   - tail: An empty one, of the archive's scope.
  /// - Throws: `invalidParameter` when there is no such level; `outOfMemory`.
  init(level: Int, maximumBytes: Int, tail: EventTail) throws(ZstdError) {
    compressor = try ZstdCompressor(level: level)
    self.maximumBytes = max(maximumBytes, 1)
    emptyTail = tail
    lines = LineBuffer(capacity: min(self.maximumBytes, 1 << 20) + (16 << 10))
  }

  /// The frames that hold the events of `draft`, in order: one, unless their lines turn out longer than was thought.
  ///
  /// - Precondition: `EventLineEncoder.check(_:)` lets each event pass.
  /// - Throws: `outOfMemory`.
  func encode(_ draft: FrameDraft) throws(ZstdError) -> [Output] {
    defer { releaseMemory() }
    var frames: [Output] = []
    // What the loop changes is not the object's, or each change would be checked for conflicts.
    let lines = lines
    var encoder = EventLineEncoder()
    var summary = FrameSummary()
    var tail = emptyTail
    for events in draft.parts {
      for event in events {
        let end = lines.count
        Self.write(event, with: &encoder, to: lines)
        if lines.count > maximumBytes, end > 0 {
          frames.append(try frame(of: end, summary, tail))
          (summary, tail) = (FrameSummary(), emptyTail)
        }
        summary.append(event)
        tail.append(event)
      }
    }
    if !summary.isEmpty { frames.append(try frame(of: lines.count, summary, tail)) }
    return frames
  }

  private static func write(
    _ event: RecordedEvent, with encoder: inout EventLineEncoder, to lines: LineBuffer
  ) {
    do throws(LineRefusal) {
      try encoder.append(event, to: lines)
    } catch {
      preconditionFailure("an event is checked before it is in a draft: \(error)")
    }
  }

  /// Makes a frame of the first `count` bytes of the lines, and takes them away.
  private func frame(of count: Int, _ summary: FrameSummary, _ tail: EventTail) throws(ZstdError) -> Output {
    try lines.withUnsafeBytes { (content) throws(ZstdError) in
      try compressor.compress(UnsafeRawBufferPointer(rebasing: content[..<count]), into: compressed)
    }
    lines.removeFirst(count)
    // A copy of its size: frames wait in memory until they are written, and the bound is far above what most need.
    let bytes = compressed.withUnsafeBytes { Bytes($0) }
    let frame = CompressedFrame(
      bytes: bytes, digest: SHA256Digest(of: bytes), contentBytes: count, summary: summary)
    return Output(frame: frame, tail: tail)
  }

  private func releaseMemory() {
    guard lines.capacity > Self.maximumKeptBytes else { return }
    lines = LineBuffer()
    compressed = ZstdBuffer(capacity: 1)
  }
}
