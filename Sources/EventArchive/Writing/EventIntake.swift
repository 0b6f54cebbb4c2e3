internal import EventStoreCore

/// Checks the events that are appended to an archive, and decides where a frame and where a segment ends.
struct EventIntake {
  /// Why the next event has to wait.
  enum Pause {
    /// The segment has to be sealed first.
    case segment
    /// The frame before it is full, and has to be made first.
    case frame(FrameDraft)
  }

  /// What has been; the next event must follow it.
  private(set) var order: EventOrder
  /// How many events were taken.
  private(set) var events = 0
  /// Whether the segment has no events, not even some that are no frame yet.
  private(set) var isSegmentEmpty: Bool
  /// Where the segment's last event is in `$all`.
  private(set) var position: Position?

  private let maximumFrameBytes: Int
  private var draft = FrameDraft()

  /// - Parameter tail: The end of the segment so far.
  init(after order: EventOrder, tail: EventTail, maximumFrameBytes: Int) {
    self.order = order
    self.maximumFrameBytes = maximumFrameBytes
    isSegmentEmpty = tail.isEmpty
    position = tail.position
  }

  /// Takes events from number `next` on until one has to wait, which `next` tells then; nil when all were taken.
  ///
  /// - Parameter sealing: Whether the segment has to end where it may.
  /// - Throws: `outOfOrder`, or `invalidArgument` for an event that no line can hold; the events before it were taken.
  mutating func take(
    _ events: [RecordedEvent], from next: inout Int, sealing: Bool
  ) throws(ArchiveError) -> Pause? {
    let start = next
    var lineBytes = draft.lineBytes
    let scan = Result { () throws(ArchiveError) in
      try accept(events, from: &next, lineBytes: &lineBytes, sealing: sealing)
    }
    draft.append(events[start..<next], lineBytes: lineBytes - draft.lineBytes)
    self.events += next - start
    switch try scan.get() {
    case .end: return nil
    case .segment: return .segment
    case .frame: return finishFrame().map { .frame($0) }
    }
  }

  /// The events that are in no frame yet, as the next frame; nil when there are none.
  mutating func finishFrame() -> FrameDraft? {
    guard !draft.isEmpty else { return nil }
    defer { draft = FrameDraft() }
    return draft
  }

  /// Begins the next segment; all events must be in frames.
  mutating func beginSegment() {
    isSegmentEmpty = true
    position = nil
  }

  /// Takes in that the source was read up to `position`.
  mutating func advance(to position: Position) {
    order.advance(to: position)
  }

  /// Where `accept` stopped.
  private enum Stop {
    case end, segment, frame
  }

  /// Looks at events where they are: what runs for every event copies none, because that would count references.
  private mutating func accept(
    _ events: [RecordedEvent], from next: inout Int, lineBytes: inout Int, sealing: Bool
  ) throws(ArchiveError) -> Stop {
    try events.withUnsafeBufferPointer { (events) throws(ArchiveError) in
      guard let first = events.baseAddress else { return .end }
      while next < events.count {
        if sealing, !isSegmentEmpty, order.isBoundary(before: first[next]) {
          var following = order
          try following.accept(first[next])
          return .segment
        }
        let likelyBytes = EventLineEncoder.likelyBytes(of: first[next])
        if lineBytes > 0, lineBytes + likelyBytes > maximumFrameBytes { return .frame }
        do throws(LineRefusal) {
          try EventLineEncoder.check(first[next])
        } catch {
          throw ArchiveError(
            .invalidArgument, error.description, stream: first[next].stream, position: first[next].position)
        }
        try order.accept(first[next].number, at: first[next].position, of: first[next].stream)
        isSegmentEmpty = false
        position = first[next].position
        lineBytes += likelyBytes
        next += 1
      }
      return .end
    }
  }
}
