internal import CEventStoreProtos
package import EventStoreCore
package import NIOCore

/// Asks for one event.
package struct ReadEvent: SingleCommandMessage {
  package static let command = Command.readEvent

  /// The stream.
  package var stream: StreamName
  /// The event's number; -1 is the last one.
  package var eventNumber: EventNumber
  /// Whether a link is to be answered with its target.
  package var resolveLinks: Bool
  /// Whether a node that is not the leader must refuse.
  package var requireLeader: Bool

  package init(stream: StreamName, eventNumber: EventNumber, resolveLinks: Bool, requireLeader: Bool) {
    self.stream = stream
    self.eventNumber = eventNumber
    self.resolveLinks = resolveLinks
    self.requireLeader = requireLeader
  }

  package func encode(into buffer: inout ByteBuffer) {
    MessageWriting.encode(self, into: &buffer) { writing in
      let message = writing.make(eventstore__read_event__init)
      set(&message.pointee.event_stream_id, &message.pointee.has_event_stream_id, writing.copy(stream.utf8))
      set(&message.pointee.event_number, &message.pointee.has_event_number, eventNumber)
      set(&message.pointee.resolve_link_tos, &message.pointee.has_resolve_link_tos, resolveLinks)
      set(&message.pointee.require_leader, &message.pointee.has_require_leader, requireLeader)
      return message
    }
  }

  package init(decoding payload: ByteBuffer) throws(WireError) {
    self = try MessageReading.decode(payload, eventstore__read_event__unpack) {
      message, reading throws(WireError) in
      ReadEvent(
        stream: reading.streamName(message.event_stream_id), eventNumber: message.event_number,
        resolveLinks: message.resolve_link_tos != 0, requireLeader: message.require_leader != 0)
    }
  }
}
