import EventStoreCore

/// Carries out what the restore of a stream wants, with patience; a dry run never writes.
struct RestoreTarget: Sendable {
  private static let pageSize = 500

  let store: any EventReader & EventWriter
  let patience: Patience
  let isDryRun: Bool
  let rejects: any RejectedEventSink

  /// - Throws: what is not about the stream: `stalled`, `Interruption.stopped`, `CancellationError`, `EventStoreError`, and the
  ///   sink's errors.
  func carryOut(_ step: StreamStep, of stream: StreamName) async throws -> StreamAnswer {
    do {
      switch step {
      case .readHead: return .head(TargetHead(try await head(of: stream)))
      case .prove(let batch), .append(let batch), .fill(let batch):
        return .appended(try await append(batch.proposed, to: stream, expected: batch.expected, first: batch.first))
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

  /// Appends events; in a dry run only says what would have been answered.
  func append(
    _ events: [ProposedEvent], to stream: StreamName, expected: ExpectedVersion, first: EventNumber
  ) async throws -> AppendResult {
    guard !isDryRun else {
      return AppendResult(
        firstEventNumber: first, lastEventNumber: first + EventNumber(events.count) - 1, position: nil)
    }
    return try await patience("appending to stream \(stream)", finishing: true) { [store] in
      try await store.append(events, to: stream, expected: expected)
    }
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
