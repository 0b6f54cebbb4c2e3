internal import CEventStoreProtos
package import NIOCore

/// Ends a subscription.
package struct SubscriptionDropped: SingleCommandMessage {
  package static let command = Command.subscriptionDropped

  /// Why a subscription ends.
  package enum Reason: UInt32, Hashable, Sendable, CaseIterable {
    /// The client wished it, or the group was changed or deleted; not on the wire.
    case unsubscribed = 0
    case accessDenied = 1
    case notFound = 2
    case persistentSubscriptionDeleted = 3
    case subscriberMaxCountReached = 4
  }

  /// Why.
  package var reason: Reason

  package init(reason: Reason) {
    self.reason = reason
  }

  package func encode(into buffer: inout ByteBuffer) {
    MessageWriting.encode(self, into: &buffer) { writing in
      let message = writing.make(eventstore__subscription_dropped__init)
      if reason != .unsubscribed { set(&message.pointee.reason, &message.pointee.has_reason, reason) }
      return message
    }
  }

  package init(decoding payload: ByteBuffer) throws(WireError) {
    self = try MessageReading.decode(payload, eventstore__subscription_dropped__unpack) {
      message, reading throws(WireError) in
      SubscriptionDropped(reason: try reading.value(message.reason, "reason to end a subscription"))
    }
  }
}
