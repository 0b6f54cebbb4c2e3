internal import CEventStoreProtos
package import EventStoreCore
package import NIOCore

/// Answers `DeleteStream`; a refusal has both positions -1.
package struct DeleteStreamCompleted: SingleCommandMessage {
  package static let command = Command.deleteStreamCompleted

  /// How it ended.
  package var result: OperationResult
  /// The server's words; only a refusal has them.
  package var message: String?
  /// Where the delete stands in `$all`.
  package var position: Position
  /// The stream's true last number, as newer servers tell it with `wrongExpectedVersion`; nil where the server sent none.
  package var currentVersion: EventNumber?

  package init(
    result: OperationResult, message: String? = nil, position: Position, currentVersion: EventNumber? = nil
  ) {
    self.result = result
    self.message = message
    self.position = position
    self.currentVersion = currentVersion
  }

  package func encode(into buffer: inout ByteBuffer) {
    MessageWriting.encode(self, into: &buffer) { writing in
      let answer = writing.make(eventstore__delete_stream_completed__init)
      set(&answer.pointee.result, &answer.pointee.has_result, result)
      set(&answer.pointee.message, &answer.pointee.has_message, ifPresent: message.map { writing.copy($0.utf8) })
      set(&answer.pointee.prepare_position, &answer.pointee.has_prepare_position, position.prepare)
      set(&answer.pointee.commit_position, &answer.pointee.has_commit_position, position.commit)
      set(&answer.pointee.current_version, &answer.pointee.has_current_version, ifPresent: currentVersion)
      return answer
    }
  }

  package init(decoding payload: ByteBuffer) throws(WireError) {
    self = try MessageReading.decode(payload, eventstore__delete_stream_completed__unpack) {
      answer, reading throws(WireError) in
      DeleteStreamCompleted(
        result: try reading.value(answer.result, "result of a delete"),
        message: reading.text(answer.message, ifPresent: answer.has_message),
        position: Position(commit: answer.commit_position, prepare: answer.prepare_position),
        currentVersion: answer.has_current_version == 0 ? nil : answer.current_version)
    }
  }
}
