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
    Iterator(
      events: WalkedEvents(
        begin: {
          let last = direction == .forward ? try await store.lastPosition() : nil
          return AllWalk(direction, from: start ?? direction.allStart, upTo: last)
        },
        read: { place in
          try await store.readAll(direction, from: place, maximumCount: batchSize, resolveLinks: resolveLinks)
        }))
  }

  /// Gives the events, in the direction of the iteration.
  public struct Iterator: AsyncIteratorProtocol {
    private var events: WalkedEvents<AllWalk>

    init(events: WalkedEvents<AllWalk>) {
      self.events = events
    }

    /// The next event; nil at the end.
    /// - Throws: `accessDenied`, `serverError` for a position at which no event begins, `invalidArgument`, `CancellationError`,
    ///   and the errors of the connection.
    public mutating func next() async throws -> Event? {
      try await events.next()
    }
  }
}
