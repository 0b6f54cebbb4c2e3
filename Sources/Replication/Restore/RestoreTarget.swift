import EventStoreCore

/// Carries out what the restore of a stream wants, with patience; a dry run never writes.
struct RestoreTarget: Sendable {
  private static let pageSize = 500

  let store: any EventReader & EventWriter
  let patience: Patience
  let isDryRun: Bool
  let rejects: any RejectedEventSink
  let gate: AppendGate

  /// - Throws: what is not about the stream: `stalled`, `Interruption.stopped`, `CancellationError`, `EventStoreError`, and the
  ///   sink's errors.
  func carryOut(_ step: StreamStep, of stream: StreamName) async throws -> StreamAnswer {
    do {
      switch step {
      case .readHead: return .head(TargetHead(try await head(of: stream)))
      case .prove(let batch), .append(let batch), .fill(let batch):
        return .appended(try await appendInParts(batch, to: stream))
      case .compare(let batch): return .visible(try await visible(batch.first...batch.last, of: stream))
      case .reject(let event, let reason):
        if !isDryRun { try await rejects.reject(RejectedEvent(event: event, reason: reason)) }
        return .rejected
      }
    } catch let error as EventStoreError {
      guard let refusal = StreamRefusal(error) else { throw error }
      return .refused(refusal, error)
    }
  }

  /// Appends events in one append; in a dry run only says what would have been answered.
  func append(
    _ events: [ProposedEvent], to stream: StreamName, expected: ExpectedVersion, first: EventNumber
  ) async throws -> AppendResult {
    guard !isDryRun else { return wouldBe(events, first) }
    return try await patience("appending to stream \(stream)", finishing: true) { [store] in
      try await store.append(events, to: stream, expected: expected)
    }
  }

  /// Appends events, in several appends where the link is too slow for one.
  ///
  /// Each part has the expected version that it would have if they came one after the other at first: a repeat is recognised
  /// whatever its parts are.
  private func appendInParts(_ batch: AppendBatch, to stream: StreamName) async throws -> AppendResult {
    guard !isDryRun else { return wouldBe(batch.proposed, batch.first) }
    var rest = batch.proposed[...]
    var (next, expected) = (batch.first, batch.expected)
    while true {
      let (count, result) = try await appendPart(of: rest, to: stream, expected: expected)
      rest = rest.dropFirst(count)
      let isAsExpected =
        result.firstEventNumber == next && result.lastEventNumber == next + EventNumber(count) - 1
      // What came out otherwise is for the stream's machine to judge.
      guard isAsExpected, !rest.isEmpty else {
        return isAsExpected
          ? AppendResult(
            firstEventNumber: batch.first, lastEventNumber: result.lastEventNumber, position: result.position) : result
      }
      (next, expected) = (result.lastEventNumber + 1, .exactly(result.lastEventNumber))
    }
  }

  /// Appends as many of the events as the link bears, and says how many these were.
  private func appendPart(
    of events: ArraySlice<ProposedEvent>, to stream: StreamName, expected: ExpectedVersion
  ) async throws -> (count: Int, result: AppendResult) {
    var retries = RetryStateMachine(policy: patience.policy)
    while true {
      // To wait for others is no failure: it ends when they do.
      let (count, ticket) = await gate.begin(events)
      let start = patience.stopwatch.elapsed
      do {
        let result = try await patience.attempt(finishing: true) { [store] in
          try await store.append(Array(events.prefix(count)), to: stream, expected: expected)
        }
        await gate.ended(ticket, .answered)
        return (count, result)
      } catch {
        await gate.ended(ticket, AppendPacing.Ending(error))
        try await patience.wait(after: error, doing: "appending to stream \(stream)", from: start, retries: &retries)
      }
    }
  }

  private func wouldBe(_ events: [ProposedEvent], _ first: EventNumber) -> AppendResult {
    AppendResult(firstEventNumber: first, lastEventNumber: first + EventNumber(events.count) - 1, position: nil)
  }

  /// Hard-deletes a stream; in a dry run does nothing.
  func tombstone(_ stream: StreamName, expected: ExpectedVersion) async throws {
    guard !isDryRun else { return }
    try await patience("deleting stream \(stream)", finishing: true) { [store] in
      try await store.delete(stream, expected: expected, hard: true)
    }
  }

  /// The end of a stream.
  func head(of stream: StreamName) async throws -> StreamPage {
    try await patience("reading stream \(stream)") { [store] in
      try await store.readStream(stream, .backward, from: .streamEnd, maximumCount: 1, resolveLinks: false)
    }
  }

  /// The ids of those events in a range that can be read.
  private func visible(_ range: ClosedRange<EventNumber>, of stream: StreamName) async throws -> [EventNumber: EventID]
  {
    var ids: [EventNumber: EventID] = [:]
    var number = range.lowerBound
    while number <= range.upperBound {
      let start = number
      let count = min(Self.pageSize, Int(range.upperBound - start) + 1)
      let page = try await patience("reading stream \(stream)") { [store] in
        try await store.readStream(stream, .forward, from: start, maximumCount: count, resolveLinks: false)
      }
      for event in page.events.compactMap(\.received) where range.contains(event.number) {
        ids[event.number] = event.id
      }
      guard page.status == .found, !page.isEndOfStream else { break }
      guard page.nextEventNumber > start else {
        throw ReplicationError(
          .unexpectedAnswer, "a page of stream \(stream) from \(start) leads to \(page.nextEventNumber)", stream: stream
        )
      }
      number = page.nextEventNumber
    }
    return ids
  }
}
