package import EventStoreCore
import NIOCore

/// What a consumer of a persistent subscription holds: events that wait to be taken, and events to be acknowledged.
///
/// The server lets a bounded number of events be on their way, and takes back what is not acknowledged in time. So when more
/// come than it lets, the oldest here are no longer ours: they are forgotten, and memory stays bounded however slow the
/// consumer is. A lost connection takes everything back: it comes again, to this consumer or to another.
package struct ConsumerStateMachine: Sendable {
  /// What the consumer gets next.
  package enum Delivery: Hashable, Sendable {
    /// Nothing yet.
    case nothing
    /// An event, which is to be acknowledged or refused.
    case event(DeliveredEvent)
    /// The subscription has ended; with an error when it was not asked to.
    case end(EventStoreError?)
  }

  /// Acknowledgements to be sent.
  package struct Acknowledgement: Hashable, Sendable {
    /// The subscription's name, as the server confirmed it.
    package var subscriptionID: String
    /// The events.
    package var ids: [EventID]

    package init(subscriptionID: String, ids: [EventID]) {
      self.subscriptionID = subscriptionID
      self.ids = ids
    }
  }

  private enum State {
    case connecting
    case connected(subscriptionID: String)
    case ended(EventStoreError?)
  }

  private var state = State.connecting
  /// Events that nobody has taken, in the order in which they came.
  private var waiting = CircularBuffer<DeliveredEvent>()
  private var waitingIDs: Set<EventID> = []
  /// Events that were taken, and when: what came first has the smallest number.
  private var taken: [EventID: UInt64] = [:]
  private var lastTaken: UInt64 = 0
  /// Acknowledged events that the server has not been told about.
  private var acknowledged: [EventID] = []
  private let allowedInFlight: Int

  /// So many acknowledgements do not wait for more.
  private var batchSize: Int { max(1, min(allowedInFlight / 2, 500)) }

  /// - Parameter allowedInFlight: how many events the server is told to have on their way at most.
  package init(allowedInFlight: Int) {
    self.allowedInFlight = allowedInFlight
  }

  /// How many events are held, taken or not.
  package var heldCount: Int { waiting.count + taken.count }

  /// The server confirmed the subscription, for the first time or after a lost connection.
  package mutating func confirmed(subscriptionID: String) {
    switch state {
    case .connecting, .connected: state = .connected(subscriptionID: subscriptionID)
    case .ended: break
    }
  }

  /// The server sent an event.
  package mutating func arrived(_ event: DeliveredEvent) {
    guard case .connected = state, let id = event.id else { return }
    if waitingIDs.contains(id), let index = waiting.firstIndex(where: { $0.id == id }) {
      // It was taken back and sent again before anybody looked at it.
      waiting[index] = event
      return
    }
    taken[id] = nil
    waiting.append(event)
    waitingIDs.insert(id)
    if heldCount > allowedInFlight { forgetOldest() }
  }

  /// The connection was lost: whatever is not acknowledged comes again, after the next confirmation.
  package mutating func connectionLost() {
    switch state {
    case .connecting: break
    case .connected:
      state = .connecting
      forgetAll()
    case .ended: break
    }
  }

  /// Nothing more will come, and nothing can be acknowledged any more.
  package mutating func ended(_ error: EventStoreError?) {
    switch state {
    case .connecting, .connected:
      state = .ended(error)
      forgetAll()
    case .ended: break
    }
  }

  /// The consumer takes what comes next.
  package mutating func next() -> Delivery {
    switch state {
    case .connecting: return .nothing
    case .ended(let error): return .end(error)
    case .connected:
      guard let event = waiting.popFirst() else { return .nothing }
      if let id = event.id {
        waitingIDs.remove(id)
        lastTaken += 1
        taken[id] = lastTaken
      }
      return .event(event)
    }
  }

  /// The consumer has processed events. What is no longer ours is left out: it comes again.
  /// - Returns: what to send now; nil while more can be waited for.
  /// - Throws: the error with which the subscription ended.
  package mutating func acknowledged(_ ids: [EventID]) throws(EventStoreError) -> Acknowledgement? {
    acknowledged += try given(ids)
    return acknowledged.count >= batchSize || heldCount == 0 ? acknowledgementDue() : nil
  }

  /// The consumer could not process events. What is no longer ours is left out: it comes again.
  /// - Throws: the error with which the subscription ended.
  package mutating func refused(_ ids: [EventID]) throws(EventStoreError) -> Acknowledgement? {
    let ids = try given(ids)
    guard case .connected(let subscriptionID) = state, !ids.isEmpty else { return nil }
    return Acknowledgement(subscriptionID: subscriptionID, ids: ids)
  }

  /// What is acknowledged and was not sent; nil when there is nothing. Whoever gets it sends it.
  package mutating func acknowledgementDue() -> Acknowledgement? {
    guard case .connected(let subscriptionID) = state, !acknowledged.isEmpty else { return nil }
    defer { acknowledged = [] }
    return Acknowledgement(subscriptionID: subscriptionID, ids: acknowledged)
  }

  /// Takes out of what is held what the consumer is done with.
  private mutating func given(_ ids: [EventID]) throws(EventStoreError) -> [EventID] {
    if case .ended(let error) = state {
      throw error ?? EventStoreError(.subscriptionDropped, "the subscription is closed, and the event will come again")
    }
    return ids.filter { id in
      if taken.removeValue(forKey: id) != nil { return true }
      guard waitingIDs.remove(id) != nil else { return false }
      waiting.removeAll { $0.id == id }
      return true
    }
  }

  private mutating func forgetOldest() {
    if let oldest = taken.min(by: { $0.value < $1.value })?.key {
      taken[oldest] = nil
    } else if let oldest = waiting.popFirst()?.id {
      waitingIDs.remove(oldest)
    }
  }

  private mutating func forgetAll() {
    waiting.removeAll()
    waitingIDs = []
    taken = [:]
    acknowledged = []
  }
}
