/// A subscription to what is written from now on, for one consumer.
///
/// Holds a bounded number of events for a slow consumer; what it cannot hold, and what a lost connection cost, is told as
/// a gap, never dropped silently. Ends with nil after `close()`.
package final class VolatileSubscription: Sendable {
  init() {}

  /// The next signal, as soon as there is one; nil after `close()`.
  ///
  /// One call at a time. Cancelling the calling task throws `CancellationError` and loses nothing.
  /// - Throws: `subscriptionDropped` or `accessDenied` when the server ended it, `clientClosed`, and the error with which the
  ///   connection gave up; every later call throws the same.
  package func next() async throws -> SubscriptionSignal? {
    nil
  }

  /// Ends the subscription, on the server too; a second call is harmless.
  package func close() async {
  }
}

extension VolatileSubscription: AsyncSequence {
  package struct AsyncIterator: AsyncIteratorProtocol {
    let subscription: VolatileSubscription

    package mutating func next() async throws -> SubscriptionSignal? {
      try await subscription.next()
    }
  }

  package func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(subscription: self)
  }
}
