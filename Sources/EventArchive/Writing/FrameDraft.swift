internal import EventStoreCore

/// The events of the next frame, before they are lines; shares the memory of the arrays that they came in.
struct FrameDraft: Sendable {
  /// The events, in order.
  private(set) var parts: [ArraySlice<RecordedEvent>] = []
  /// About how many bytes their lines have (`EventLineEncoder.likelyBytes(of:)`).
  private(set) var lineBytes = 0

  init() {}

  /// Whether there is no event yet.
  var isEmpty: Bool { parts.isEmpty }

  /// Adds events, whose lines have about `lineBytes` bytes.
  mutating func append(_ events: ArraySlice<RecordedEvent>, lineBytes: Int) {
    guard !events.isEmpty else { return }
    parts.append(events)
    self.lineBytes += lineBytes
  }
}
