internal import EventStoreCore

/// What one frame of a segment holds, looked at by itself.
struct FrameExamination: Sendable {
  /// A line that is not an event.
  struct BadLine: Sendable {
    /// Where in the frame's content the line begins.
    var offset: Int
    /// What is wrong with it.
    var damage: LineDamage
  }

  /// The events, in order.
  private(set) var events: [RecordedEvent] = []
  /// The lines that are none.
  private(set) var badLines: [BadLine] = []
  /// The frame as the index knows it; nil when it holds no events.
  private(set) var described: CompressedFrame?

  /// Decodes every line of the frame.
  init(_ frame: FrameScanner.Frame) {
    var decoder = EventLineDecoder()
    var lines = Lines(frame.content)
    var start = 0
    while let line = lines.next() {
      do {
        events.append(try decoder.decode(line))
      } catch {
        badLines.append(BadLine(offset: start, damage: error))
      }
      start = lines.offset
    }
    described = FrameSummary(events).map { summary in
      CompressedFrame(
        bytes: frame.bytes, digest: SHA256Digest(of: frame.bytes), contentBytes: frame.content.count, summary: summary)
    }
  }
}
