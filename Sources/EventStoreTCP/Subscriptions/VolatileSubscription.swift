import EventStoreCore
import EventStoreWire

/// A subscription to what is written from now on, for one consumer.
///
/// Holds a bounded number of events for a slow consumer; what it cannot hold, and what a lost connection cost, is told as
/// a gap, never dropped silently. Ends with nil after `close()`.
package final class VolatileSubscription: Sendable {
  private let id: EventID
  private let inbox: SubscriptionInbox<SubscriptionBuffer>
  private let connection: EventStoreConnection

  init(id: EventID, inbox: SubscriptionInbox<SubscriptionBuffer>, connection: EventStoreConnection) {
    self.id = id
    self.inbox = inbox
    self.connection = connection
  }

  deinit {
    Task { [connection, id] in await connection.unsubscribe(id) }
  }

  /// The next signal, as soon as there is one; nil after `close()`.
  ///
  /// One call at a time. Cancelling the calling task throws `CancellationError` and loses nothing.
  /// - Throws: `subscriptionDropped` or `accessDenied` when the server ended it, `clientClosed`, and the error with which the
  ///   connection gave up; every later call throws the same.
  package func next() async throws -> SubscriptionSignal? {
    switch try await inbox.next() {
    case .nothing:
      return nil
    case .confirmed(let start):
      return .confirmed(start)
    case .gap(let gap):
      return .gap(gap)
    case .end(nil):
      return nil
    case .end(let error?):
      throw error
    case .events(let payloads):
      do {
        return .events(try payloads.map { payload in try StreamEventAppeared(decoding: payload).event })
      } catch {
        let violation = EventStoreError.protocolViolation("an event of a subscription cannot be read", error)
        inbox.ended(violation)
        await connection.unsubscribe(id)
        throw violation
      }
    }
  }

  /// Ends the subscription, on the server too; a second call is harmless.
  package func close() async {
    inbox.ended(nil)
    await connection.unsubscribe(id)
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
