internal import CEventStoreProtos
package import EventStoreCore
package import NIOCore

/// Says that a consumer has processed events; there is no answer.
package struct PersistentSubscriptionAckEvents: SingleCommandMessage {
  package static let command = Command.persistentSubscriptionAckEvents

  /// The subscription, as its confirmation named it.
  package var subscriptionID: String
  /// The events: of a resolved link, the link's id.
  package var eventIDs: [EventID]

  package init(subscriptionID: String, eventIDs: [EventID]) {
    self.subscriptionID = subscriptionID
    self.eventIDs = eventIDs
  }

  package func encode(into buffer: inout ByteBuffer) {
    MessageWriting.encode(self, into: &buffer) { writing in
      let message = writing.make(eventstore__persistent_subscription_ack_events__init)
      set(&message.pointee.subscription_id, &message.pointee.has_subscription_id, writing.copy(subscriptionID.utf8))
      message.pointee.n_processed_event_ids = eventIDs.count
      message.pointee.processed_event_ids = writing.repeated(eventIDs) { writing.copy($0) }
      return message
    }
  }

  package init(decoding payload: ByteBuffer) throws(WireError) {
    self = try MessageReading.decode(payload, eventstore__persistent_subscription_ack_events__unpack) {
      message, reading throws(WireError) in
      PersistentSubscriptionAckEvents(
        subscriptionID: reading.text(message.subscription_id),
        eventIDs: try reading.eventIDs(message.processed_event_ids, count: message.n_processed_event_ids))
    }
  }
}
