internal import CEventStoreProtos
package import NIOCore

/// Answers `TransactionWrite`; also an unknown id is a success.
package struct TransactionWriteCompleted: SingleCommandMessage {
  package static let command = Command.transactionWriteCompleted

  /// The transaction: its position in the log.
  package var transactionID: Int64
  /// How it ended.
  package var result: OperationResult
  /// The server's words; only a refusal has them.
  package var message: String?

  package init(transactionID: Int64, result: OperationResult, message: String? = nil) {
    self.transactionID = transactionID
    self.result = result
    self.message = message
  }

  package func encode(into buffer: inout ByteBuffer) {
    MessageWriting.encode(self, into: &buffer) { writing in
      let answer = writing.make(eventstore__transaction_write_completed__init)
      set(&answer.pointee.transaction_id, &answer.pointee.has_transaction_id, transactionID)
      set(&answer.pointee.result, &answer.pointee.has_result, result)
      set(&answer.pointee.message, &answer.pointee.has_message, ifPresent: message.map { writing.copy($0.utf8) })
      return answer
    }
  }

  package init(decoding payload: ByteBuffer) throws(WireError) {
    self = try MessageReading.decode(payload, eventstore__transaction_write_completed__unpack) {
      answer, reading throws(WireError) in
      TransactionWriteCompleted(
        transactionID: answer.transaction_id, result: try reading.value(answer.result, "result of a transaction"),
        message: reading.text(answer.message, ifPresent: answer.has_message))
    }
  }
}
