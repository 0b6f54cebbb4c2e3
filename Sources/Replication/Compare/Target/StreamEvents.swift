import EventStoreCore

/// The events of one stream of a server that can be read, up to a number.
final class StreamEvents: EventBatches {
  private let reader: any EventReader
  private let stream: StreamName
  private let patience: Patience
  private var reading: StreamReadStateMachine
  private var budget = PageBudget()
  private var isAtEnd = false

  init(_ reader: any EventReader, _ stream: StreamName, through last: EventNumber, patience: Patience) {
    (self.reader, self.stream, self.patience) = (reader, stream, patience)
    reading = StreamReadStateMachine(stream, after: nil, until: last)
    isAtEnd = last < 0
  }

  /// The next events, perhaps none; nil at the end.
  ///
  /// - Throws: `accessDenied`, `stalled`, `unexpectedAnswer`, `Interruption.stopped`, and the server's errors.
  func next() async throws -> [RecordedEvent]? {
    guard !isAtEnd else { return nil }
    let (reader, stream, number, count) = (reader, stream, reading.nextNumber, budget.count)
    let page = try await patience("reading stream \(stream)") {
      try await reader.readStream(stream, .forward, from: number, maximumCount: count, resolveLinks: false)
    }
    let verdict = try reading.pageArrived(page)
    if verdict.next == .end { isAtEnd = true }
    budget.received(verdict.taken)
    return verdict.taken
  }
}
