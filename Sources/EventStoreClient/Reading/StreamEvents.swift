public import EventStoreCore
internal import EventStoreTCP

/// The events of a stream, read as they are asked for; made by `EventStoreClient.iterate`.
///
/// Holds one batch of events at most. Reads go by number, so a lost connection neither repeats nor skips anything. Can be
/// iterated again, and then reads again.
public struct StreamEvents: AsyncSequence, Sendable {
  public typealias Element = Event

  let store: TCPEventStore
  let stream: StreamName
  let direction: ReadDirection
  let start: EventNumber?
  let batchSize: Int
  let resolveLinks: Bool

  public func makeAsyncIterator() -> Iterator {
    Iterator(events: self)
  }

  /// Gives the events, in the direction of the iteration.
  public struct Iterator: AsyncIteratorProtocol {
    private let events: StreamEvents
    private var walk: StreamWalk?
    private var batch: [ResolvedEvent] = []
    private var given = 0

    init(events: StreamEvents) {
      self.events = events
    }

    /// The next event; nil at the end.
    /// - Throws: `streamNotFound`, `streamDeleted`, `accessDenied`, `invalidArgument`, `CancellationError`, and the errors of the
    ///   connection.
    public mutating func next() async throws -> Event? {
      try Task.checkCancellation()
      while given == batch.count {
        guard try await readBatch() else { return nil }
      }
      defer { given += 1 }
      return batch[given]
    }

    /// Reads the next batch, which can be empty; false at the end.
    private mutating func readBatch() async throws -> Bool {
      let known =
        try walk ?? StreamWalk(events.direction, from: events.direction.start(events.start, of: events.stream))
      walk = known
      batch = []
      given = 0
      guard let place = known.next else { return false }
      let page = try await events.store.readStream(
        events.stream, events.direction, from: place, maximumCount: events.batchSize, resolveLinks: events.resolveLinks)
      try page.checkStatus(of: events.stream)
      batch = walk?.pageRead(page) ?? []
      return true
    }
  }
}
