public import EventStoreCore
internal import EventStoreTCP

/// The events of `$all`, read as they are asked for; made by `EventStoreClient.iterateAll`.
///
/// Holds one batch of events at most. Reads go by position, so a lost connection neither repeats nor skips anything. Can be
/// iterated again, and then reads again.
public struct AllEvents: AsyncSequence, Sendable {
  public typealias Element = Event

  let store: TCPEventStore
  let direction: ReadDirection
  let start: Position?
  let batchSize: Int
  let resolveLinks: Bool

  public func makeAsyncIterator() -> Iterator {
    Iterator(events: self)
  }

  /// Gives the events, in the direction of the iteration.
  public struct Iterator: AsyncIteratorProtocol {
    private let events: AllEvents
    private var walk: AllWalk?
    private var batch: [ResolvedEvent] = []
    private var given = 0

    init(events: AllEvents) {
      self.events = events
    }

    /// The next event; nil at the end.
    /// - Throws: `accessDenied`, `serverError` for a position at which no event begins, `invalidArgument`, `CancellationError`,
    ///   and the errors of the connection.
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
      if walk == nil { walk = try await begin() }
      batch = []
      given = 0
      guard let place = walk?.next else { return false }
      let page = try await events.store.readAll(
        events.direction, from: place, maximumCount: events.batchSize, resolveLinks: events.resolveLinks)
      batch = walk?.pageRead(page) ?? []
      return true
    }

    private func begin() async throws -> AllWalk {
      let last = events.direction == .forward ? try await events.store.lastPosition() : nil
      return AllWalk(events.direction, from: events.start ?? events.direction.allStart, upTo: last)
    }
  }
}
