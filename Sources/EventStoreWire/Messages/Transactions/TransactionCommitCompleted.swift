internal import CEventStoreProtos
package import EventStoreCore
package import NIOCore

/// Answers `TransactionCommit`.
///
/// A 4.1.4 server that refuses sets both numbers to -2147483648 and both positions to 0; its message is empty on success.
package struct TransactionCommitCompleted: SingleCommandMessage {
  package static let command = Command.transactionCommitCompleted

  /// The transaction.
  package var transactionID: Int64
  /// How it ended.
  package var result: OperationResult
  /// The server's words.
  package var message: String?
  /// The number of the first event.
  package var firstEventNumber: EventNumber
  /// The number of the last event.
  package var lastEventNumber: EventNumber
  /// Where the commit stands in `$all`.
  package var position: Position

  package init(
    transactionID: Int64, result: OperationResult, message: String?, firstEventNumber: EventNumber,
    lastEventNumber: EventNumber, position: Position
  ) {
    self.transactionID = transactionID
    self.result = result
    self.message = message
    self.firstEventNumber = firstEventNumber
    self.lastEventNumber = lastEventNumber
    self.position = position
  }

  package func encode(into buffer: inout ByteBuffer) {
    MessageWriting.encode(self, into: &buffer) { writing in
      let answer = writing.make(eventstore__transaction_commit_completed__init)
      set(&answer.pointee.transaction_id, &answer.pointee.has_transaction_id, transactionID)
      set(&answer.pointee.result, &answer.pointee.has_result, result)
      set(&answer.pointee.message, &answer.pointee.has_message, ifPresent: message.map { writing.copy($0.utf8) })
      set(&answer.pointee.first_event_number, &answer.pointee.has_first_event_number, firstEventNumber)
      set(&answer.pointee.last_event_number, &answer.pointee.has_last_event_number, lastEventNumber)
      set(&answer.pointee.prepare_position, &answer.pointee.has_prepare_position, position.prepare)
      set(&answer.pointee.commit_position, &answer.pointee.has_commit_position, position.commit)
      return answer
    }
  }

  package init(decoding payload: ByteBuffer) throws(WireError) {
    self = try MessageReading.decode(payload, eventstore__transaction_commit_completed__unpack) {
      answer, reading throws(WireError) in
      TransactionCommitCompleted(
        transactionID: answer.transaction_id, result: try reading.value(answer.result, "result of a transaction"),
        message: reading.text(answer.message, ifPresent: answer.has_message),
        firstEventNumber: answer.first_event_number, lastEventNumber: answer.last_event_number,
        position: Position(commit: answer.commit_position, prepare: answer.prepare_position))
    }
  }
}
