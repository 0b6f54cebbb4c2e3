public import EventStoreCore

extension EventStoreClient {
  /// Publishes the events of a sequence, in order, in batches; returns when the sequence has ended.
  ///
  /// A batch is written when it is full, or some time after its first event. While it is being written the sequence is not
  /// asked for more, so a fast one costs the memory of a batch. Each batch is written all or none. With `noStream` or an
  /// exact expected version each batch expects the one before it, so that no other writer comes in between.
  ///
  /// An error ends it, whether the sequence or a write throws it; what was written before stays. When the sequence throws,
  /// the events that it gave before are written.
  ///
  /// ```swift
  /// let ticks = AsyncStream<NewEvent> { continuation in
  ///   for tick in 0..<10_000 { continuation.yield(NewEvent(type: "Tick", isJSON: true, data: Bytes("\(tick)"))) }
  ///   continuation.finish()
  /// }
  /// try await client.publish(to: "ticker", ticks, expectedVersion: .noStream)
  /// ```
  /// - Parameters:
  ///   - events: has to end soon when the task that iterates over it is cancelled.
  ///   - expectedVersion: of the stream before the first batch.
  ///   - batches: how large a batch can be, and how long it may wait for more.
  ///   - written: is called after each batch; the next one waits for it.
  /// - Returns: where all of them were put: the first number, the last one, and the last batch's position; nil when there were
  ///   none.
  /// - Throws: as `publish(to:_:expectedVersion:)`, what the sequence throws, and what `written` throws.
  @discardableResult
  public func publish<Events: AsyncSequence & Sendable>(
    to stream: StreamName, _ events: Events, expectedVersion: ExpectedVersion = .any,
    batches: PublishBatches = PublishBatches(), written: (AppendResult) async throws -> Void = { _ in }
  ) async throws -> AppendResult? where Events.Element == NewEvent {
    try batches.validate()
    let queue = PublishQueue(batches)
    return try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { await queue.fill(from: events) }
      var expected = expectedVersion
      var whole: AppendResult?
      while let batch = try await queue.nextBatch() {
        let result = try await publish(to: stream, batch, expectedVersion: expected)
        try await written(result)
        queue.batchWritten()
        expected = expected.afterAppend(of: result)
        whole = AppendResult(
          firstEventNumber: whole?.firstEventNumber ?? result.firstEventNumber, lastEventNumber: result.lastEventNumber,
          position: result.position)
      }
      return whole
    }
  }
}

/// How the events of a sequence are put into batches.
public struct PublishBatches: Hashable, Sendable {
  /// How many events a batch has at most.
  public var maximumEvents = 500
  /// How much the data, metadata and types of a batch weigh at most; a larger event goes alone.
  public var maximumBytes = 4 << 20
  /// How long the first event of a batch waits for more.
  public var maximumDelay = Duration.milliseconds(20)

  public init() {}

  /// - Throws: `invalidArgument`.
  func validate() throws(EventStoreError) {
    guard maximumEvents >= 1, maximumBytes >= 1, maximumDelay >= .zero else {
      throw EventStoreError(.invalidArgument, "a batch has at least one event and one byte, and no negative delay")
    }
  }
}

extension ExpectedVersion {
  /// What the next batch of a sequence expects.
  func afterAppend(of result: AppendResult) -> ExpectedVersion {
    switch self {
    case .any, .streamExists: self
    case .noStream, .exactly: .exactly(result.lastEventNumber)
    }
  }
}
