internal import CEventStoreProtos
package import EventStoreCore
package import NIOCore

/// Answers `SubscribeToStream`: what is written after this will come.
package struct SubscriptionConfirmation: SingleCommandMessage {
  package static let command = Command.subscriptionConfirmation

  /// Up to where the log was written.
  package var lastCommitPosition: Int64
  /// The number of the stream's last event, -1 when it has none; nil for `$all`.
  package var lastEventNumber: EventNumber?

  package init(lastCommitPosition: Int64, lastEventNumber: EventNumber?) {
    self.lastCommitPosition = lastCommitPosition
    self.lastEventNumber = lastEventNumber
  }

  package func encode(into buffer: inout ByteBuffer) {
    MessageWriting.encode(self, into: &buffer) { writing in
      let message = writing.make(eventstore__subscription_confirmation__init)
      set(&message.pointee.last_commit_position, &message.pointee.has_last_commit_position, lastCommitPosition)
      set(&message.pointee.last_event_number, &message.pointee.has_last_event_number, ifPresent: lastEventNumber)
      return message
    }
  }

  package init(decoding payload: ByteBuffer) throws(WireError) {
    self = try MessageReading.decode(payload, eventstore__subscription_confirmation__unpack) {
      message, _ throws(WireError) in
      SubscriptionConfirmation(
        lastCommitPosition: message.last_commit_position,
        lastEventNumber: message.has_last_event_number == 0 ? nil : message.last_event_number)
    }
  }
}
