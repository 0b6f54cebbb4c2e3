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
    Iterator(
      events: WalkedEvents(
        begin: { StreamWalk(direction, from: try direction.start(start, of: stream)) },
        read: { place in
          let page = try await store.readStream(
            stream, direction, from: place, maximumCount: batchSize, resolveLinks: resolveLinks)
          try page.checkStatus(of: stream)
          return page
        }))
  }

  /// Gives the events, in the direction of the iteration.
  public struct Iterator: AsyncIteratorProtocol {
    private var events: WalkedEvents<StreamWalk>

    init(events: WalkedEvents<StreamWalk>) {
      self.events = events
    }

    /// The next event; nil at the end.
    /// - Throws: `streamNotFound`, `streamDeleted`, `accessDenied`, `invalidArgument`, `CancellationError`, and the errors of the
    ///   connection.
    public mutating func next() async throws -> Event? {
      try await events.next()
    }
  }
}
