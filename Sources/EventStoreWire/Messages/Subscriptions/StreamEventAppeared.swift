internal import CEventStoreProtos
package import EventStoreCore
package import NIOCore

/// Brings one event to a subscription.
package struct StreamEventAppeared: SingleCommandMessage {
  package static let command = Command.streamEventAppeared

  /// The event, with its position; a dead link has no event.
  package var event: ResolvedEvent

  package init(event: ResolvedEvent) {
    self.event = event
  }

  package func encode(into buffer: inout ByteBuffer) {
    MessageWriting.encode(self, into: &buffer) { writing in
      let message = writing.make(eventstore__stream_event_appeared__init)
      message.pointee.event = writing.resolvedEvent(event)
      return message
    }
  }

  /// - Throws: `unparsable` also when there is no event.
  package init(decoding payload: ByteBuffer) throws(WireError) {
    self = try MessageReading.decode(payload, eventstore__stream_event_appeared__unpack) {
      message, reading throws(WireError) in
      guard let event = message.event else { throw WireError(.unparsable, "a subscription's event is missing") }
      return StreamEventAppeared(event: try reading.event(event.pointee))
    }
  }
}
