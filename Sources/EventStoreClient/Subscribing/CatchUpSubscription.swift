public import EventStoreCore

/// The events of a catch-up subscription, one after the other, for ever.
///
/// For one consumer, who may leave the loop and come back: nothing is missed. Nothing is buffered without limit: events are
/// fetched at the consumer's pace. Cancelling the task that waits for the next event throws `CancellationError` and loses
/// nothing.
public struct CatchUpSubscription: AsyncSequence, Sendable {
  public typealias Element = Event

  private let feed: any EventFeed
  private let fetched = FetchedEvents()

  init(_ feed: any EventFeed) {
    self.feed = feed
  }

  /// Ends the subscription: the sequence ends too; a second call is harmless.
  public func close() async {
    fetched.close()
    await feed.close()
  }

  public func makeAsyncIterator() -> Iterator {
    Iterator(feed: feed, fetched: fetched)
  }

  /// Gives the events of the subscription, in order.
  public struct Iterator: AsyncIteratorProtocol {
    private let feed: any EventFeed
    private let fetched: FetchedEvents

    init(feed: any EventFeed, fetched: FetchedEvents) {
      self.feed = feed
      self.fetched = fetched
    }

    /// The next event, as soon as there is one; nil after `close()`.
    /// - Throws: `EventStoreError` when the subscription has ended for good, `CancellationError`.
    public mutating func next() async throws -> Event? {
      while true {
        switch fetched.next() {
        case .event(let event): return event
        case .end: return nil
        case .nothing:
          guard let batch = try await feed.next() else { return nil }
          fetched.fetched(batch.events)
        }
      }
    }
  }
}
