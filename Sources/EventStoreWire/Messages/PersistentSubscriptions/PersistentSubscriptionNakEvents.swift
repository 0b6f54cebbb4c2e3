internal import CEventStoreProtos
package import EventStoreCore
package import NIOCore

/// Says that a consumer could not process events, and what to do with them; there is no answer.
package struct PersistentSubscriptionNakEvents: SingleCommandMessage {
  package static let command = Command.persistentSubscriptionNakEvents

  /// What to do with an event that could not be processed.
  package enum Action: UInt32, Hashable, Sendable, CaseIterable {
    /// The server decides: as `retry`.
    case unknown = 0
    case park = 1
    case retry = 2
    case skip = 3
    case stop = 4
  }

  /// The subscription, as its confirmation named it.
  package var subscriptionID: String
  /// The events: of a resolved link, the link's id.
  package var eventIDs: [EventID]
  /// Why; nil where the client did not say.
  package var message: String?
  /// What to do.
  package var action: Action

  package init(subscriptionID: String, eventIDs: [EventID], message: String?, action: Action) {
    self.subscriptionID = subscriptionID
    self.eventIDs = eventIDs
    self.message = message
    self.action = action
  }

  package func encode(into buffer: inout ByteBuffer) {
    MessageWriting.encode(self, into: &buffer) { writing in
      let request = writing.make(eventstore__persistent_subscription_nak_events__init)
      set(&request.pointee.subscription_id, &request.pointee.has_subscription_id, writing.copy(subscriptionID.utf8))
      request.pointee.n_processed_event_ids = eventIDs.count
      request.pointee.processed_event_ids = writing.repeated(eventIDs) { writing.copy($0) }
      set(&request.pointee.message, &request.pointee.has_message, ifPresent: message.map { writing.copy($0.utf8) })
      set(&request.pointee.action, &request.pointee.has_action, action)
      return request
    }
  }

  package init(decoding payload: ByteBuffer) throws(WireError) {
    self = try MessageReading.decode(payload, eventstore__persistent_subscription_nak_events__unpack) {
      request, reading throws(WireError) in
      PersistentSubscriptionNakEvents(
        subscriptionID: reading.text(request.subscription_id),
        eventIDs: try reading.eventIDs(request.processed_event_ids, count: request.n_processed_event_ids),
        message: reading.text(request.message, ifPresent: request.has_message),
        action: try reading.value(request.action, "action for events that were not processed"))
    }
  }
}
