import EventStoreCore
import EventStoreWire
import Logging
import NIOCore

/// Subscriptions, volatile and persistent: each keeps its correlation id over all connections.
extension EventStoreConnection {
  struct Subscription {
    var stream: StreamName?
    /// The group of a persistent subscription; nil for a volatile one.
    var group: String?
    var request: Request
    var inbox: any SubscriptionReceiver
    var confirmation: CheckedContinuation<Void, any Error>?
    /// How often the server has sent the consumer away without keeping it for a while.
    var returns: BackOff
    var confirmedAt: NIODeadline?
  }

  /// Subscribes; returns when the server has confirmed.
  func subscribe(
    _ request: Request, to stream: StreamName?, group: String? = nil, inbox: any SubscriptionReceiver
  ) async throws {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
        guard !Task.isCancelled else { return continuation.resume(throwing: CancellationError()) }
        subscriptions[request.id] = Subscription(
          stream: stream, group: group, request: request, inbox: inbox, confirmation: continuation,
          returns: BackOff(configuration.requestRetries))
        submit(request, .subscription)
      }
    } onCancel: {
      Task { await self.unsubscribe(request.id) }
    }
  }

  /// Ends a subscription, on the server too.
  func unsubscribe(_ id: EventID) {
    guard let subscription = subscriptions.removeValue(forKey: id) else { return }
    subscription.confirmation?.resume(throwing: CancellationError())
    subscription.inbox.ended(nil)
    waiters[id] = nil
    _ = operations.cancelled(id)
    guard handshake?.isReady == true else { return }
    send(UnsubscribeFromStream(), id: id, credentials: nil)
  }

  /// Tells the server something about a subscription; there is no answer, and nothing is sent without a connection.
  func tell(_ id: EventID, _ message: some WireMessage) {
    guard handshake?.isReady == true, subscriptions[id] != nil else { return }
    send(message, id: id, credentials: nil)
  }

  func renewSubscriptions() {
    for (id, subscription) in subscriptions where waiters[id] == nil {
      subscription.inbox.connectionLost()
      submit(subscription.request, .subscription)
    }
  }

  func confirmed(_ frame: Frame) {
    let id = frame.correlationID
    guard operations.answered(id), subscriptions[id] != nil else { return }
    waiters[id] = nil
    link.answered()
    do {
      try subscriptions[id]?.inbox.confirmed(frame)
      subscriptions[id]?.confirmation?.resume()
      subscriptions[id]?.confirmation = nil
      subscriptions[id]?.confirmedAt = now
    } catch {
      end(id, .protocolViolation("the confirmation of a subscription cannot be read", error))
    }
  }

  func dropped(_ frame: Frame) {
    let id = frame.correlationID
    do {
      let reason = try SubscriptionDropped(frame).reason
      if subscriptionWaits(id, reason) || consumerReturns(id, reason) { return }
      if operations.answered(id) { link.answered() }
      waiters[id] = nil
      guard let subscription = subscriptions[id] else { return }
      end(
        id,
        Self.dropped(
          reason, subscription.stream, group: subscription.group, user: configuration.credentials?.login))
    } catch {
      end(id, .protocolViolation("the end of a subscription cannot be read", error))
    }
  }

  /// Whether a subscription that is renewed is asked for again later: the server may not have noticed yet that the connection
  /// before was lost, and so count us twice.
  func subscriptionWaits(_ id: EventID, _ reason: SubscriptionDropped.Reason) -> Bool {
    guard reason == .subscriberMaxCountReached, let subscription = subscriptions[id], subscription.confirmation == nil
    else { return false }
    switch operations.notHandled(id, .tooBusy, now: now, random: random) {
    case .later: return true
    case .failed, .unknown: return false
    }
  }

  /// Whether a consumer that the server has sent away comes back: its group begins anew, because it was updated or because
  /// another node leads now. A group that was deleted says so when it is asked for.
  func consumerReturns(_ id: EventID, _ reason: SubscriptionDropped.Reason) -> Bool {
    guard reason == .unsubscribed, waiters[id] == nil, var subscription = subscriptions[id], subscription.group != nil,
      let confirmedAt = subscription.confirmedAt
    else { return false }
    // One that was kept for a while was not sent away in vain.
    if now - confirmedAt >= TimeAmount(subscription.returns.policy.maximumDelay) { subscription.returns.succeeded() }
    guard let pause = subscription.returns.attemptFailed(random: random) else { return false }
    subscriptions[id] = subscription
    logger.info("the server ended a consumer's subscription; it is connected again", metadata: ["correlation": "\(id)"])
    subscription.inbox.connectionLost()
    submit(subscription.request, .subscription, after: pause)
    return true
  }

  func end(_ id: EventID, _ error: EventStoreError) {
    waiters[id] = nil
    guard let subscription = subscriptions.removeValue(forKey: id) else { return }
    count(error)
    subscription.inbox.ended(error)
    subscription.confirmation?.resume(throwing: error)
  }
}
