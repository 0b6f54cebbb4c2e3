public import EventStoreCore
internal import EventStoreTCP

/// One consumer's part of a persistent subscription: a sequence of events, each to be acknowledged.
///
/// An acknowledgement has no answer: it is sent together with others, within 50 ms. When the connection is lost before, the
/// event comes again, to this consumer or to another; so a consumer has to bear seeing an event twice. Events that a slow
/// consumer holds longer than the subscription's message time-out are taken back by the server, and come again too.
public struct ConsumerSubscription: AsyncSequence, Sendable {
  public typealias Element = DeliveredEvent

  private let subscription: PersistentSubscription
  private let acknowledgesItself: Bool

  init(_ subscription: PersistentSubscription, acknowledgesItself: Bool) {
    self.subscription = subscription
    self.acknowledgesItself = acknowledgesItself
  }

  /// Says that an event has been processed.
  ///
  /// ```swift
  /// for try await delivered in subscription {
  ///   try await subscription.ack(delivered)
  /// }
  /// ```
  /// - Throws: the error with which the subscription ended, if it has; then the event will come again.
  public func ack(_ event: DeliveredEvent) async throws {
    try await subscription.acknowledge([event])
  }

  /// Says that events have been processed.
  /// - Throws: the error with which the subscription ended, if it has; then the events will come again.
  public func ack(_ events: [DeliveredEvent]) async throws {
    try await subscription.acknowledge(events)
  }

  /// Says that an event could not be processed, and what is to become of it.
  ///
  /// ```swift
  /// for try await delivered in subscription {
  ///   try await subscription.nack(delivered, .park, reason: "no such customer")
  /// }
  /// ```
  /// - Parameter reason: stands beside a parked event.
  /// - Throws: the error with which the subscription ended, if it has; then the event will come again.
  public func nack(_ event: DeliveredEvent, _ action: RefusalAction = .retry, reason: String = "") async throws {
    try await subscription.refuse([event], action, reason: reason)
  }

  /// Says that events could not be processed, and what is to become of them.
  /// - Throws: the error with which the subscription ended, if it has; then the events will come again.
  public func nack(_ events: [DeliveredEvent], _ action: RefusalAction = .retry, reason: String = "") async throws {
    try await subscription.refuse(events, action, reason: reason)
  }

  /// Sends the last acknowledgements and leaves: the sequence ends; a second call is harmless.
  ///
  /// What is not acknowledged goes to other consumers, or comes to this one when it connects again.
  public func close() async {
    await subscription.close()
  }

  public func makeAsyncIterator() -> Iterator {
    Iterator(subscription: subscription, acknowledgesItself: acknowledgesItself)
  }

  /// Gives the events, as the server hands them out.
  public struct Iterator: AsyncIteratorProtocol {
    private let subscription: PersistentSubscription
    private let acknowledgesItself: Bool
    private var current: DeliveredEvent?

    init(subscription: PersistentSubscription, acknowledgesItself: Bool) {
      self.subscription = subscription
      self.acknowledgesItself = acknowledgesItself
    }

    /// The next event, as soon as there is one; nil after `close()`. With auto-ack this acknowledges the one before.
    /// - Throws: `EventStoreError` when the subscription has ended for good.
    public mutating func next() async throws -> DeliveredEvent? {
      if acknowledgesItself, let processed = current {
        current = nil
        // When the subscription has ended, the event comes again, and what follows says why.
        try? await subscription.acknowledge([processed])
      }
      current = try await subscription.next()
      return current
    }
  }
}
