internal import CEventStoreProtos
package import EventStoreCore
package import NIOCore

/// Asks to delete a group; its consumers are dropped.
package struct DeletePersistentSubscription: SingleCommandMessage {
  package static let command = Command.deletePersistentSubscription

  /// The group's name.
  package var group: String
  /// The stream.
  package var stream: StreamName

  package init(group: String, stream: StreamName) {
    self.group = group
    self.stream = stream
  }

  package func encode(into buffer: inout ByteBuffer) {
    MessageWriting.encode(self, into: &buffer) { writing in
      let message = writing.make(eventstore__delete_persistent_subscription__init)
      set(
        &message.pointee.subscription_group_name, &message.pointee.has_subscription_group_name,
        writing.copy(group.utf8))
      set(&message.pointee.event_stream_id, &message.pointee.has_event_stream_id, writing.copy(stream.utf8))
      return message
    }
  }

  package init(decoding payload: ByteBuffer) throws(WireError) {
    self = try MessageReading.decode(payload, eventstore__delete_persistent_subscription__unpack) {
      message, reading throws(WireError) in
      DeletePersistentSubscription(
        group: reading.text(message.subscription_group_name), stream: reading.streamName(message.event_stream_id))
    }
  }
}
