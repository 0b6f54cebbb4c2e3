internal import CEventStoreProtos
package import EventStoreCore
package import NIOCore

/// Asks for a page of a stream; the direction is in the command.
package struct ReadStreamEvents: WireMessage {
  package static let commands = [Command.readStreamEventsForward, .readStreamEventsBackward]

  package var command: Command {
    switch direction {
    case .forward: .readStreamEventsForward
    case .backward: .readStreamEventsBackward
    }
  }

  /// Which way to read.
  package var direction: ReadDirection
  /// The stream.
  package var stream: StreamName
  /// The first event's number; backward, -1 is the last event.
  package var fromEventNumber: EventNumber
  /// How many events at most: 1 to 4096.
  package var maximumCount: Int32
  /// Whether links are to be answered with their targets.
  package var resolveLinks: Bool
  /// Whether a node that is not the leader must refuse.
  package var requireLeader: Bool

  package init(
    direction: ReadDirection, stream: StreamName, fromEventNumber: EventNumber, maximumCount: Int32,
    resolveLinks: Bool, requireLeader: Bool
  ) {
    self.direction = direction
    self.stream = stream
    self.fromEventNumber = fromEventNumber
    self.maximumCount = maximumCount
    self.resolveLinks = resolveLinks
    self.requireLeader = requireLeader
  }

  package func encode(into buffer: inout ByteBuffer) {
    MessageWriting.encode(self, into: &buffer) { writing in
      let message = writing.make(eventstore__read_stream_events__init)
      set(&message.pointee.event_stream_id, &message.pointee.has_event_stream_id, writing.copy(stream.utf8))
      set(&message.pointee.from_event_number, &message.pointee.has_from_event_number, fromEventNumber)
      set(&message.pointee.max_count, &message.pointee.has_max_count, maximumCount)
      set(&message.pointee.resolve_link_tos, &message.pointee.has_resolve_link_tos, resolveLinks)
      set(&message.pointee.require_leader, &message.pointee.has_require_leader, requireLeader)
      return message
    }
  }

  package init(decoding payload: ByteBuffer, command: Command) throws(WireError) {
    self = try MessageReading.decode(payload, eventstore__read_stream_events__unpack) {
      message, reading throws(WireError) in
      ReadStreamEvents(
        direction: command == .readStreamEventsBackward ? .backward : .forward,
        stream: reading.streamName(message.event_stream_id), fromEventNumber: message.from_event_number,
        maximumCount: message.max_count, resolveLinks: message.resolve_link_tos != 0,
        requireLeader: message.require_leader != 0)
    }
  }
}
