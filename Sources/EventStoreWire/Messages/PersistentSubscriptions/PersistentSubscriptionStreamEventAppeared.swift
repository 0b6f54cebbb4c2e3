internal import CEventStoreProtos
package import EventStoreCore
package import NIOCore

/// Brings one event to a consumer of a group.
package struct PersistentSubscriptionStreamEventAppeared: SingleCommandMessage {
  package static let command = Command.persistentSubscriptionStreamEventAppeared

  /// The event, without a position; a dead link has no event.
  package var event: ResolvedEvent
  /// How often it was sent before.
  package var retryCount: Int32

  package init(event: ResolvedEvent, retryCount: Int32) {
    self.event = event
    self.retryCount = retryCount
  }

  package func encode(into buffer: inout ByteBuffer) {
    MessageWriting.encode(self, into: &buffer) { writing in
      let message = writing.make(eventstore__persistent_subscription_stream_event_appeared__init)
      message.pointee.event = writing.resolvedIndexedEvent(event)
      set(&message.pointee.retry_count, &message.pointee.has_retry_count, retryCount)
      return message
    }
  }

  /// - Throws: `unparsable` also when there is no event.
  package init(decoding payload: ByteBuffer) throws(WireError) {
    self = try MessageReading.decode(payload, eventstore__persistent_subscription_stream_event_appeared__unpack) {
      message, reading throws(WireError) in
      guard let event = message.event else { throw WireError(.unparsable, "a subscription's event is missing") }
      return PersistentSubscriptionStreamEventAppeared(
        event: try reading.event(event.pointee), retryCount: message.retry_count)
    }
  }
}
