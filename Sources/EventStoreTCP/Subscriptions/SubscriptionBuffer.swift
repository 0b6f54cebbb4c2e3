package import EventStoreCore
package import NIOCore

/// What a subscription holds for its consumer: a bounded number of events, and every gap between them.
///
/// When it is full, it drops what comes until the consumer has taken the gap that says so.
package struct SubscriptionBuffer: Sendable {
  /// What the consumer gets next.
  package enum Delivery: Hashable, Sendable {
    /// Nothing yet.
    case nothing
    /// The server delivers from here on.
    case confirmed(SubscriptionStart)
    /// The payloads of events, in order.
    case events([ByteBuffer])
    /// Events may be missing here.
    case gap(SubscriptionGap)
    /// The subscription has ended; with an error when it was not asked to.
    case end(EventStoreError?)
  }

  private enum Item {
    case confirmed(SubscriptionStart)
    case event(ByteBuffer)
    case gap(SubscriptionGap)
  }

  private enum State {
    case open
    case ended(EventStoreError?)
  }

  private var state = State.open
  private var items: [Item] = []
  private var head = 0
  private var events = 0
  private var bytes = 0
  private var slowGaps = 0
  private var hasDelivered = false
  private let maximumEvents: Int
  private let maximumBytes: Int

  package init(maximumEvents: Int, maximumBytes: Int) {
    self.maximumEvents = maximumEvents
    self.maximumBytes = maximumBytes
  }

  /// The server confirmed the subscription, for the first time or again.
  package mutating func confirmed(_ start: SubscriptionStart) {
    guard case .open = state else { return }
    items.append(.confirmed(start))
  }

  /// The server sent an event.
  package mutating func eventArrived(_ payload: ByteBuffer) {
    guard case .open = state else { return }
    let isFull = events >= maximumEvents || (events > 0 && bytes + payload.readableBytes > maximumBytes)
    guard !isFull, slowGaps == 0 else {
      if case .gap(.consumerTooSlow)? = items.last { return }
      items.append(.gap(.consumerTooSlow))
      slowGaps += 1
      return
    }
    events += 1
    bytes += payload.readableBytes
    items.append(.event(payload))
  }

  /// The connection was lost. Signals that nobody has taken, and that this one makes void, go.
  package mutating func connectionLost() {
    guard case .open = state else { return }
    while items.count > head, let last = items.last {
      if case .event = last { break }
      if case .gap(.consumerTooSlow) = last { slowGaps -= 1 }
      items.removeLast()
    }
    if hasDelivered || items.count > head { items.append(.gap(.connectionLost)) }
  }

  /// Nothing more will come; what is held is still delivered, unless the consumer itself ended it.
  package mutating func ended(_ error: EventStoreError?) {
    guard case .open = state else { return }
    state = .ended(error)
    if error == nil {
      items.removeAll()
      head = 0
    }
  }

  /// The consumer takes what comes next: neighbouring events together.
  package mutating func taken() -> Delivery {
    defer { compact() }
    guard head < items.count else {
      switch state {
      case .open: return .nothing
      case .ended(let error): return .end(error)
      }
    }
    hasDelivered = true
    switch items[head] {
    case .confirmed(let start):
      head += 1
      return .confirmed(start)
    case .gap(let gap):
      head += 1
      if case .consumerTooSlow = gap { slowGaps -= 1 }
      return .gap(gap)
    case .event:
      return .events(takeEvents())
    }
  }

  private mutating func takeEvents() -> [ByteBuffer] {
    var payloads: [ByteBuffer] = []
    payloads.reserveCapacity(min(events, items.count - head))
    while head < items.count, case .event(let payload) = items[head] {
      payloads.append(payload)
      head += 1
      events -= 1
      bytes -= payload.readableBytes
    }
    return payloads
  }

  private mutating func compact() {
    guard head == items.count || head > 1024 else { return }
    items.removeFirst(head)
    head = 0
  }
}
