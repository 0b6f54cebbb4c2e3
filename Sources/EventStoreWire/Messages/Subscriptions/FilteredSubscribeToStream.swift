internal import CEventStoreProtos
package import EventStoreCore
package import NIOCore

/// Asks for those events of `$all` that a filter lets through, from now on (20.6 and later).
package struct FilteredSubscribeToStream: SingleCommandMessage {
  package static let command = Command.filteredSubscribeToStream

  /// The stream; empty for `$all`.
  package var stream: StreamName
  /// Whether links are to be answered with their targets.
  package var resolveLinks: Bool
  /// Which events; nil for all.
  package var filter: ServerFilter?
  /// After how many events that do not pass the server sends `CheckpointReached`.
  package var checkpointInterval: Int32

  package init(stream: StreamName, resolveLinks: Bool, filter: ServerFilter?, checkpointInterval: Int32) {
    self.stream = stream
    self.resolveLinks = resolveLinks
    self.filter = filter
    self.checkpointInterval = checkpointInterval
  }

  package func encode(into buffer: inout ByteBuffer) {
    MessageWriting.encode(self, into: &buffer) { writing in
      let message = writing.make(eventstore__filtered_subscribe_to_stream__init)
      set(&message.pointee.event_stream_id, &message.pointee.has_event_stream_id, writing.copy(stream.utf8))
      set(&message.pointee.resolve_link_tos, &message.pointee.has_resolve_link_tos, resolveLinks)
      message.pointee.filter = filter.map(writing.filter)
      set(&message.pointee.checkpoint_interval, &message.pointee.has_checkpoint_interval, checkpointInterval)
      return message
    }
  }

  package init(decoding payload: ByteBuffer) throws(WireError) {
    self = try MessageReading.decode(payload, eventstore__filtered_subscribe_to_stream__unpack) {
      message, reading throws(WireError) in
      FilteredSubscribeToStream(
        stream: reading.streamName(message.event_stream_id), resolveLinks: message.resolve_link_tos != 0,
        filter: try reading.filter(message.filter), checkpointInterval: message.checkpoint_interval)
    }
  }
}
