internal import CEventStoreProtos
package import EventStoreCore
package import NIOCore

/// Asks to add events to an explicit transaction.
package struct TransactionWrite: SingleCommandMessage {
  package static let command = Command.transactionWrite

  /// The transaction, as `TransactionStartCompleted` named it.
  package var transactionID: Int64
  /// The events; decoded ones have an id that is not zero, and a type.
  package var events: [ProposedEvent]
  /// Whether a node that is not the leader must refuse instead of forwarding.
  package var requireLeader: Bool

  package init(transactionID: Int64, events: [ProposedEvent], requireLeader: Bool) {
    self.transactionID = transactionID
    self.events = events
    self.requireLeader = requireLeader
  }

  package func encode(into buffer: inout ByteBuffer) {
    MessageWriting.encode(self, into: &buffer) { writing in
      let message = writing.make(eventstore__transaction_write__init)
      set(&message.pointee.transaction_id, &message.pointee.has_transaction_id, transactionID)
      message.pointee.n_events = events.count
      message.pointee.events = writing.repeated(events, writing.newEvent)
      set(&message.pointee.require_leader, &message.pointee.has_require_leader, requireLeader)
      return message
    }
  }

  package init(decoding payload: ByteBuffer) throws(WireError) {
    self = try MessageReading.decode(payload, eventstore__transaction_write__unpack) {
      message, reading throws(WireError) in
      TransactionWrite(
        transactionID: message.transaction_id,
        events: try reading.proposedEvents(message.events, count: message.n_events),
        requireLeader: message.require_leader != 0)
    }
  }
}
