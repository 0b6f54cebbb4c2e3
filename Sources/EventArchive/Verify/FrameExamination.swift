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
  /// What the frame's events are in themselves; nil when it holds none.
  private(set) var summary: FrameSummary?
  /// The SHA-256 of the compressed frame.
  let digest: SHA256Digest
  /// The end of the frame's events.
  private(set) var tail: EventTail
  /// The first event that does not follow from those before it in the frame; nil when all do.
  private(set) var disorder: String?
  /// The first event; nil when there is none.
  private(set) var first: RecordedEvent?
  /// The order of the frame's events, as if nothing came before them.
  private(set) var order: EventOrder

  /// Decodes every line of the frame.
  ///
  /// - Parameter tail: An empty one, of the archive's scope.
  init(_ frame: FrameScanner.Frame, scope: ArchiveScope, tail: EventTail) {
    digest = SHA256Digest(of: frame.bytes)
    order = EventOrder(scope, after: ResumePoint())
    self.tail = tail
    var decoder = EventLineDecoder()
    var lines = Lines(frame.content)
    var start = 0
    while let line = lines.next() {
      do {
        take(try decoder.decode(line))
      } catch {
        badLines.append(BadLine(offset: start, damage: error))
      }
      start = lines.offset
    }
  }

  private mutating func take(_ event: RecordedEvent) {
    if disorder == nil { disorder = complaint(of: event) }
    tail.append(event)
    guard summary != nil else {
      summary = FrameSummary(first: event)
      first = event
      return
    }
    let before = summary?.append(event)
    if let before, event.number <= before.last, disorder == nil {
      disorder = "event \(event.number) of the stream \(event.stream) follows event \(before.last)"
    }
  }

  private mutating func complaint(of event: RecordedEvent) -> String? {
    do throws(ArchiveError) {
      try order.accept(event)
      return nil
    } catch {
      return error.description
    }
  }
}
