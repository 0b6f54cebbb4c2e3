import EventStoreCore
import EventStoreWire

/// The live subscriptions of a connection, and how far in the log each has come.
struct SubscriptionSet {
  /// One subscription. Two can share a correlation id; both deliver.
  struct Subscription {
    let correlationID: EventID
    /// The stream; `""` for `$all`.
    let stream: StreamName
    let resolveLinks: Bool
    /// Which events are wanted; nil for all.
    let condition: EventCondition?
    /// The place in the log to read on from.
    var place: Int
  }

  /// How many a connection may have.
  static let maximumCount = 1000

  private var subscriptions: [Subscription] = []

  var isEmpty: Bool { subscriptions.isEmpty }

  /// Begins a subscription; false when there are too many.
  mutating func add(_ subscription: Subscription) -> Bool {
    guard subscriptions.count < Self.maximumCount else { return false }
    subscriptions.append(subscription)
    return true
  }

  /// Ends the subscriptions with this correlation id; whether there were any.
  mutating func remove(_ correlationID: EventID) -> Bool {
    let count = subscriptions.count
    subscriptions.removeAll { $0.correlationID == correlationID }
    return subscriptions.count < count
  }

  /// The frames of new events: each subscription's in order, and each gets its share of the count.
  mutating func liveFrames(
    of log: EventLog, maximumCount: Int, _ adapt: (ResolvedEvent) -> ResolvedEvent
  ) -> (frames: [Frame], hasMore: Bool) {
    var frames: [Frame] = []
    var hasMore = false
    let share = max(1, maximumCount / max(1, subscriptions.count))
    for index in subscriptions.indices {
      let subscription = subscriptions[index]
      let live = log.liveEvents(
        from: subscription.place, in: subscription.stream, resolveLinks: subscription.resolveLinks, maximumCount: share)
      subscriptions[index].place = live.nextPlace
      hasMore = hasMore || !live.isAtEnd
      for event in live.events where subscription.condition?.holds(for: event) ?? true {
        frames.append(StreamEventAppeared(event: adapt(event)).frame(correlationID: subscription.correlationID))
      }
    }
    return (frames, hasMore)
  }
}
