internal import CEventStoreProtos
package import EventStoreCore
package import NIOCore

/// Asks to append events to a stream, all or none.
package struct WriteEvents: SingleCommandMessage {
  package static let command = Command.writeEvents

  /// The stream; a server refuses an empty name with BadRequest.
  package var stream: StreamName
  /// The number that `ExpectedVersion.wireValue` gives; a server refuses one without a meaning with BadRequest.
  package var expectedVersion: Int64
  /// The events; decoded ones have an id that is not zero, and a type.
  package var events: [ProposedEvent]
  /// Whether a node that is not the leader must refuse instead of forwarding.
  package var requireLeader: Bool

  package init(stream: StreamName, expectedVersion: Int64, events: [ProposedEvent], requireLeader: Bool) {
    self.stream = stream
    self.expectedVersion = expectedVersion
    self.events = events
    self.requireLeader = requireLeader
  }

  package func encode(into buffer: inout ByteBuffer) {
    MessageWriting.encode(self, into: &buffer) { writing in
      let message = writing.make(eventstore__write_events__init)
      set(&message.pointee.event_stream_id, &message.pointee.has_event_stream_id, writing.copy(stream.utf8))
      set(&message.pointee.expected_version, &message.pointee.has_expected_version, expectedVersion)
      message.pointee.n_events = events.count
      message.pointee.events = writing.repeated(events, writing.newEvent)
      set(&message.pointee.require_leader, &message.pointee.has_require_leader, requireLeader)
      return message
    }
  }

  package init(decoding payload: ByteBuffer) throws(WireError) {
    self = try MessageReading.decode(payload, eventstore__write_events__unpack) {
      message, reading throws(WireError) in
      WriteEvents(
        stream: reading.streamName(message.event_stream_id), expectedVersion: message.expected_version,
        events: try reading.proposedEvents(message.events, count: message.n_events),
        requireLeader: message.require_leader != 0)
    }
  }
}
