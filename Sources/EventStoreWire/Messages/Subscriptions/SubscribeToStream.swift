internal import CEventStoreProtos
package import EventStoreCore
package import NIOCore

/// Asks for the events that are written from now on; `UnsubscribeFromStream` with the same correlation id ends it.
package struct SubscribeToStream: SingleCommandMessage {
  package static let command = Command.subscribeToStream

  /// The stream; empty for `$all`.
  package var stream: StreamName
  /// Whether links are to be answered with their targets.
  package var resolveLinks: Bool

  package init(stream: StreamName, resolveLinks: Bool) {
    self.stream = stream
    self.resolveLinks = resolveLinks
  }

  package func encode(into buffer: inout ByteBuffer) {
    MessageWriting.encode(self, into: &buffer) { writing in
      let message = writing.make(eventstore__subscribe_to_stream__init)
      set(&message.pointee.event_stream_id, &message.pointee.has_event_stream_id, writing.copy(stream.utf8))
      set(&message.pointee.resolve_link_tos, &message.pointee.has_resolve_link_tos, resolveLinks)
      return message
    }
  }

  package init(decoding payload: ByteBuffer) throws(WireError) {
    self = try MessageReading.decode(payload, eventstore__subscribe_to_stream__unpack) {
      message, reading throws(WireError) in
      SubscribeToStream(
        stream: reading.streamName(message.event_stream_id), resolveLinks: message.resolve_link_tos != 0)
    }
  }
}
