package import EventStoreCore

/// What a volatile subscription tells its consumer, in order.
package enum SubscriptionSignal: Hashable, Sendable {
  /// The server delivers from here on: the first signal of all, and again after a lost connection.
  case confirmed(SubscriptionStart)
  /// Events, in the order the server sent them; never empty.
  case events([ResolvedEvent])
  /// Events may be missing here. After `consumerTooSlow` everything that the server sends once this signal was taken is
  /// delivered; after `connectionLost` everything that is written after the confirmation that follows.
  case gap(SubscriptionGap)
}

/// Where the server was when it confirmed a subscription: everything written later is delivered.
package struct SubscriptionStart: Hashable, Sendable {
  /// The commit position of the last event in the log.
  package var lastCommitPosition: Int64
  /// The number of the stream's last event; nil for `$all`, or where the server told none.
  package var lastEventNumber: EventNumber?

  package init(lastCommitPosition: Int64, lastEventNumber: EventNumber?) {
    self.lastCommitPosition = lastCommitPosition
    self.lastEventNumber = lastEventNumber
  }
}

/// Why events may be missing.
package enum SubscriptionGap: Hashable, Sendable {
  /// The consumer was too slow, and the buffer was full.
  case consumerTooSlow
  /// The connection was lost.
  case connectionLost
}
