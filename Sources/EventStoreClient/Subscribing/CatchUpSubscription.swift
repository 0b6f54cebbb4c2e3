public import EventStoreCore

/// The events of a catch-up subscription, one after the other, for ever.
///
/// For one consumer. Nothing is buffered without limit: events are fetched at the consumer's pace. Cancelling the task
/// that waits for the next event throws `CancellationError` and loses nothing.
public struct CatchUpSubscription: AsyncSequence, Sendable {
  public typealias Element = Event

  private let feed: any EventFeed

  init(_ feed: any EventFeed) {
    self.feed = feed
  }

  /// Ends the subscription: the sequence ends too; a second call is harmless.
  public func close() async {
    await feed.close()
  }

  public func makeAsyncIterator() -> Iterator {
    Iterator(feed: feed)
  }

  /// Gives the events of the subscription, in order.
  public struct Iterator: AsyncIteratorProtocol {
    private let feed: any EventFeed
    private var events: [ResolvedEvent] = []
    private var delivered = 0

    init(feed: any EventFeed) {
      self.feed = feed
    }

    /// The next event, as soon as there is one; nil after `close()`.
    /// - Throws: `EventStoreError` when the subscription has ended for good.
    public mutating func next() async throws -> Event? {
      while delivered == events.count {
        guard let batch = try await feed.next() else { return nil }
        events = batch.events
        delivered = 0
      }
      defer { delivered += 1 }
      return events[delivered]
    }
  }
}
