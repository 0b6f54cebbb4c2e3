package import EventStoreCore
import EventStoreWire

/// One consumer of a persistent subscription: takes events at its own pace, and acknowledges them.
///
/// Connected again after a lost connection, and when the server sent it away because its group was updated or another node
/// leads; what was not acknowledged before comes again then. An acknowledgement has no
/// answer: it is sent together with others, within 50 ms, and when the connection is lost before, the event comes again.
package final class PersistentSubscription: Sendable {
  private let id: EventID
  private let inbox: SubscriptionInbox<ConsumerBuffer>
  private let connection: EventStoreConnection

  init(id: EventID, inbox: SubscriptionInbox<ConsumerBuffer>, connection: EventStoreConnection) {
    self.id = id
    self.inbox = inbox
    self.connection = connection
  }

  deinit {
    Task { [connection, id] in await connection.unsubscribe(id) }
  }

  /// The next event, as soon as there is one; nil after `close()`.
  ///
  /// One call at a time. Cancelling the calling task throws `CancellationError` and loses nothing.
  /// - Throws: what ended the subscription: `subscriptionDropped`, `subscriptionNotFound`, `accessDenied`, `clientClosed`, or
  ///   the error with which the connection gave up; every later call throws the same.
  package func next() async throws -> DeliveredEvent? {
    switch try await inbox.next() {
    case .nothing, .end(nil): return nil
    case .event(let event): return event
    case .end(let error?):
      await connection.unsubscribe(id)
      throw error
    }
  }

  /// Says that events have been processed.
  /// - Throws: the error with which the subscription ended, if it has.
  package func acknowledge(_ events: [DeliveredEvent]) async throws {
    let due = try inbox.change { buffer throws(EventStoreError) in
      try buffer.machine.acknowledged(events.compactMap(\.id))
    }
    guard let due else { return }
    await connection.tell(id, PersistentSubscriptionAckEvents(subscriptionID: due.subscriptionID, eventIDs: due.ids))
  }

  /// Says that events could not be processed, and what is to become of them.
  /// - Throws: the error with which the subscription ended, if it has.
  package func refuse(_ events: [DeliveredEvent], _ action: RefusalAction, reason: String) async throws {
    let refused = try inbox.change { buffer throws(EventStoreError) in
      try buffer.machine.refused(events.compactMap(\.id))
    }
    guard let refused else { return }
    await connection.tell(
      id,
      PersistentSubscriptionNakEvents(
        subscriptionID: refused.subscriptionID, eventIDs: refused.ids, message: reason, action: action.wireValue))
  }

  /// Sends the last acknowledgements, and ends the subscription, on the server too; a second call is harmless.
  package func close() async {
    if let due = inbox.acknowledgementDue() { await connection.tell(id, due) }
    inbox.ended(nil)
    await connection.unsubscribe(id)
  }
}

extension RefusalAction {
  fileprivate var wireValue: PersistentSubscriptionNakEvents.Action {
    switch self {
    case .retry: .retry
    case .park: .park
    case .skip: .skip
    case .stop: .stop
    }
  }
}
