/// A catch-up subscription, pulled by its consumer: nothing is buffered without limit, whatever the consumer's pace.
package protocol EventFeed: Sendable {
  /// The next events, as soon as there are any; nil after `close()`.
  ///
  /// Survives lost connections. Cancelling the calling task throws `CancellationError` and loses nothing.
  /// - Throws: `EventStoreError` when the feed has ended for good; every later call throws the same.
  func next() async throws -> FeedBatch?

  /// Ends the feed and frees what it holds; a second call is harmless.
  func close() async
}

/// Some events of a feed, in order.
package struct FeedBatch: Hashable, Sendable {
  /// The events; empty only when the feed says that it has become live.
  package var events: [ResolvedEvent]
  /// Whether everything that was stored when these were sent has been delivered.
  package var isLive: Bool

  package init(events: [ResolvedEvent], isLive: Bool) {
    self.events = events
    self.isLive = isLive
  }
}
