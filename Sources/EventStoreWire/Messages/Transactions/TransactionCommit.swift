internal import CEventStoreProtos
package import NIOCore

/// Asks to commit an explicit transaction.
package struct TransactionCommit: SingleCommandMessage {
  package static let command = Command.transactionCommit

  /// The transaction, as `TransactionStartCompleted` named it.
  package var transactionID: Int64
  /// Whether a node that is not the leader must refuse instead of forwarding.
  package var requireLeader: Bool

  package init(transactionID: Int64, requireLeader: Bool) {
    self.transactionID = transactionID
    self.requireLeader = requireLeader
  }

  package func encode(into buffer: inout ByteBuffer) {
    MessageWriting.encode(self, into: &buffer) { writing in
      let message = writing.make(eventstore__transaction_commit__init)
      set(&message.pointee.transaction_id, &message.pointee.has_transaction_id, transactionID)
      set(&message.pointee.require_leader, &message.pointee.has_require_leader, requireLeader)
      return message
    }
  }

  package init(decoding payload: ByteBuffer) throws(WireError) {
    self = try MessageReading.decode(payload, eventstore__transaction_commit__unpack) {
      message, _ throws(WireError) in
      TransactionCommit(transactionID: message.transaction_id, requireLeader: message.require_leader != 0)
    }
  }
}
