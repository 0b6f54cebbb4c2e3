import EventStoreCore
import EventStoreWire

/// What the consumers of one connection have to be sent, in order.
struct Outbox {
  /// Something for a consumer.
  enum Item {
    case event(PersistentSubscriptionStreamEventAppeared)
    /// Its group was changed or deleted.
    case dropped
  }

  private var items: [(correlationID: EventID, item: Item)] = []
  private var head = 0
  /// The group of each consumer.
  private(set) var consumers: [EventID: GroupKey] = [:]
  /// The user of each consumer.
  private(set) var users: [EventID: String] = [:]
  /// Called when there is something new; on any thread.
  var wake: (@Sendable () -> Void)?

  var isEmpty: Bool { head == items.count }

  mutating func begin(_ correlationID: EventID, _ key: GroupKey, user: String) {
    consumers[correlationID] = key
    users[correlationID] = user
  }

  /// A consumer gets nothing more, not even what waits for it.
  mutating func end(_ correlationID: EventID) {
    consumers[correlationID] = nil
    users[correlationID] = nil
    compact(from: head)
    items.removeAll { $0.correlationID == correlationID }
  }

  mutating func add(_ item: Item, for correlationID: EventID) {
    items.append((correlationID, item))
  }

  /// The next frames, in order.
  mutating func take(_ maximumCount: Int, _ adapt: (ResolvedEvent) -> ResolvedEvent) -> [Frame] {
    let end = min(items.count, head + maximumCount)
    let frames = items[head..<end].map { correlationID, item in
      switch item {
      case .event(var message):
        message.event = adapt(message.event)
        return message.frame(correlationID: correlationID)
      case .dropped: return SubscriptionDropped(reason: .unsubscribed).frame(correlationID: correlationID)
      }
    }
    head = end
    if head == items.count || head > 1024 { compact(from: head) }
    return frames
  }

  private mutating func compact(from head: Int) {
    items.removeFirst(head)
    self.head = 0
  }
}
