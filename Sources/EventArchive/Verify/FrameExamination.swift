internal import EventStoreCore

/// What one frame of a segment holds, looked at by itself; so that frames can be looked at on several cores.
struct FrameExamination: Sendable {
  /// A line that is not an event.
  struct BadLine: Sendable {
    /// Where in the frame's content the line begins.
    var offset: Int
    /// What is wrong with it.
    var damage: LineDamage
  }

  /// The lines that are not events.
  private(set) var badLines: [BadLine] = []
  /// What the frame's events are in themselves; empty when it holds none.
  private(set) var summary = FrameSummary()
  /// The SHA-256 of the compressed frame.
  let digest: SHA256Digest
  /// The end of the frame's events.
  private(set) var tail: EventTail
  /// The first event that does not follow from those before it in the frame; nil when all do.
  private(set) var disorder: String?
  /// The order of the frame's events, as if nothing came before them.
  private(set) var order: EventOrder

  /// How many events the frame holds.
  var events: Int { summary.isEmpty ? 0 : summary.span.events }

  /// Looks at every line of the frame.
  ///
  /// - Parameter tail: An empty one, of the archive's scope.
  init(_ frame: FrameView, scope: ArchiveScope, tail: EventTail) {
    digest = SHA256Digest(of: frame.bytes)
    order = EventOrder(scope, after: ResumePoint())
    self.tail = tail
    var decoder = EventLineDecoder()
    var start = 0
    while start < frame.content.count {
      let end = ByteSearch.firstLineFeed(in: frame.content, from: start)
      do throws(LineDamage) {
        try decoder.examine(UnsafeRawBufferPointer(rebasing: frame.content[start..<end])) { take($0) }
      } catch {
        badLines.append(BadLine(offset: start, damage: error))
      }
      start = end + 1
    }
  }

  private mutating func take(_ event: LineFacts) {
    if disorder == nil { disorder = complaint(of: event) }
    tail.append(event.number, event.id, at: event.position, of: event.streamName)
    let span = EventSpan(at: event.position, created: event.created)
    if let last = summary.append(span, stream: event.stream, number: event.number), event.number <= last,
      disorder == nil
    {
      disorder = "event \(event.number) of the stream \(event.streamName) follows event \(last)"
    }
  }

  private mutating func complaint(of event: LineFacts) -> String? {
    do throws(ArchiveError) {
      try order.accept(event.number, at: event.position, of: event.streamName)
      return nil
    } catch {
      return error.description
    }
  }
}
