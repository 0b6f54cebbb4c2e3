internal import CEventStoreProtos
package import EventStoreCore
package import NIOCore

/// Answers `ConnectToPersistentSubscription`.
package struct PersistentSubscriptionConfirmation: SingleCommandMessage {
  package static let command = Command.persistentSubscriptionConfirmation

  /// Up to where the log was written.
  package var lastCommitPosition: Int64
  /// `stream::group`: what acknowledgements name.
  package var subscriptionID: String
  /// The number of the stream's last event, -1 when it has none; nil where the server sent none.
  package var lastEventNumber: EventNumber?

  package init(lastCommitPosition: Int64, subscriptionID: String, lastEventNumber: EventNumber?) {
    self.lastCommitPosition = lastCommitPosition
    self.subscriptionID = subscriptionID
    self.lastEventNumber = lastEventNumber
  }

  package func encode(into buffer: inout ByteBuffer) {
    MessageWriting.encode(self, into: &buffer) { writing in
      let message = writing.make(eventstore__persistent_subscription_confirmation__init)
      set(&message.pointee.last_commit_position, &message.pointee.has_last_commit_position, lastCommitPosition)
      set(&message.pointee.subscription_id, &message.pointee.has_subscription_id, writing.copy(subscriptionID.utf8))
      set(&message.pointee.last_event_number, &message.pointee.has_last_event_number, ifPresent: lastEventNumber)
      return message
    }
  }

  package init(decoding payload: ByteBuffer) throws(WireError) {
    self = try MessageReading.decode(payload, eventstore__persistent_subscription_confirmation__unpack) {
      message, reading throws(WireError) in
      PersistentSubscriptionConfirmation(
        lastCommitPosition: message.last_commit_position, subscriptionID: reading.text(message.subscription_id),
        lastEventNumber: message.has_last_event_number == 0 ? nil : message.last_event_number)
    }
  }
}
