package import EventStoreCore

/// Collects lines until they make a frame: as many whole lines as `maximumBytes` hold, or one longer line alone.
package struct FrameBuilder {
  /// The most bytes of NDJSON that several lines in one frame have: 1 MiB.
  package static let defaultMaximumBytes = 1 << 20

  private let maximumBytes: Int
  private var encoder = EventLineEncoder()
  private var buffer: LineBuffer
  private var summary = FrameSummary()

  package init(maximumBytes: Int = FrameBuilder.defaultMaximumBytes) {
    self.maximumBytes = max(maximumBytes, 1)
    buffer = LineBuffer(capacity: Self.initialCapacity(self.maximumBytes))
  }

  /// What is collected so far; nil before the first event.
  package var pending: FrameSummary? { summary.isEmpty ? nil : summary }

  /// How many bytes of NDJSON are collected so far.
  package var pendingBytes: Int { buffer.count }

  /// Adds the event's line. When it does not fit any more, the frame without it is returned and the line begins the next one.
  ///
  /// - Throws: `LineRefusal` when the event cannot be a line; nothing was changed then.
  package mutating func append(_ event: RecordedEvent) throws(LineRefusal) -> RawFrame? {
    let lineStart = buffer.count
    try encoder.append(event, to: buffer)
    guard buffer.count > maximumBytes, !summary.isEmpty else {
      summary.append(event)
      return nil
    }
    let next = LineBuffer(capacity: max(Self.initialCapacity(maximumBytes), buffer.count - lineStart))
    buffer.withUnsafeBytes { next.append(UnsafeRawBufferPointer(rebasing: $0[lineStart...])) }
    buffer.truncate(to: lineStart)
    let frame = RawFrame(content: buffer.share(), summary: summary)
    buffer = next
    summary = FrameSummary(first: event)
    return frame
  }

  /// Takes what is collected as a frame; nil when there is nothing.
  package mutating func finish() -> RawFrame? {
    guard !summary.isEmpty else { return nil }
    let frame = RawFrame(content: buffer.share(), summary: summary)
    buffer = LineBuffer(capacity: Self.initialCapacity(maximumBytes))
    summary = FrameSummary()
    return frame
  }

  /// Room for a full frame and the line that no longer fits, in most cases.
  private static func initialCapacity(_ maximumBytes: Int) -> Int {
    min(maximumBytes, 1 << 20) + (16 << 10)
  }
}
