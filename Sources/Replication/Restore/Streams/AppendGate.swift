import EventStoreCore

/// Lets appends begin as `AppendPacing` decides; those that may not yet wait here, in the order in which they came.
actor AppendGate {
  private var pacing: AppendPacing
  private var waiting = FIFO<CheckedContinuation<Void, Never>>()

  /// - Parameter maximumBytes: The most bytes that an append may have while all goes well.
  init(maximumBytes: Int) {
    pacing = AppendPacing(maximumBytes: maximumBytes)
  }

  /// Waits until an append of the first of these events may begin, and says how many they are.
  func begin(_ events: ArraySlice<ProposedEvent>) async -> (count: Int, ticket: AppendPacing.Ticket) {
    while true {
      let count = pacing.count(of: events.lazy.map(\.weightInBytes))
      if let ticket = pacing.begin(events.prefix(count).reduce(0) { $0 + $1.weightInBytes }) { return (count, ticket) }
      await withCheckedContinuation { waiting.append($0) }
    }
  }

  /// The append has ended.
  func ended(_ ticket: AppendPacing.Ticket, _ ending: AppendPacing.Ending) {
    pacing.ended(ticket, ending)
    while let next = waiting.popFirst() { next.resume() }
  }
}
