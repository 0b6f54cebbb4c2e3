internal import CEventStoreProtos
package import EventStoreCore
package import NIOCore

/// Asks to become a consumer of a group.
package struct ConnectToPersistentSubscription: SingleCommandMessage {
  package static let command = Command.connectToPersistentSubscription

  /// The group's name.
  package var group: String
  /// The stream.
  package var stream: StreamName
  /// How many events may be on their way without an acknowledgement.
  package var allowedInFlightMessages: Int32

  package init(group: String, stream: StreamName, allowedInFlightMessages: Int32) {
    self.group = group
    self.stream = stream
    self.allowedInFlightMessages = allowedInFlightMessages
  }

  package func encode(into buffer: inout ByteBuffer) {
    MessageWriting.encode(self, into: &buffer) { writing in
      let message = writing.make(eventstore__connect_to_persistent_subscription__init)
      set(&message.pointee.subscription_id, &message.pointee.has_subscription_id, writing.copy(group.utf8))
      set(&message.pointee.event_stream_id, &message.pointee.has_event_stream_id, writing.copy(stream.utf8))
      set(
        &message.pointee.allowed_in_flight_messages, &message.pointee.has_allowed_in_flight_messages,
        allowedInFlightMessages)
      return message
    }
  }

  package init(decoding payload: ByteBuffer) throws(WireError) {
    self = try MessageReading.decode(payload, eventstore__connect_to_persistent_subscription__unpack) {
      message, reading throws(WireError) in
      ConnectToPersistentSubscription(
        group: reading.text(message.subscription_id), stream: reading.streamName(message.event_stream_id),
        allowedInFlightMessages: message.allowed_in_flight_messages)
    }
  }
}
