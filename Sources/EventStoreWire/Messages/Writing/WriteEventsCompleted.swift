internal import CEventStoreProtos
package import EventStoreCore
package import NIOCore

/// Answers `WriteEvents`.
///
/// A 4.1.4 server that refuses sets first, last and prepare to -2147483648 and commit to 0; one that recognises a repeat gives
/// the original numbers and both positions -1.
package struct WriteEventsCompleted: SingleCommandMessage {
  package static let command = Command.writeEventsCompleted

  /// How it ended.
  package var result: OperationResult
  /// The server's words; only a refusal has them.
  package var message: String?
  /// The number of the first event.
  package var firstEventNumber: EventNumber
  /// The number of the last event.
  package var lastEventNumber: EventNumber
  /// Where the events stand in `$all`.
  package var position: Position
  /// With `wrongExpectedVersion` the stream's true last number, in a success 0; nil where the server sent none.
  package var currentVersion: EventNumber?

  package init(
    result: OperationResult, message: String? = nil, firstEventNumber: EventNumber, lastEventNumber: EventNumber,
    position: Position, currentVersion: EventNumber?
  ) {
    self.result = result
    self.message = message
    self.firstEventNumber = firstEventNumber
    self.lastEventNumber = lastEventNumber
    self.position = position
    self.currentVersion = currentVersion
  }

  package func encode(into buffer: inout ByteBuffer) {
    MessageWriting.encode(self, into: &buffer) { writing in
      let answer = writing.make(eventstore__write_events_completed__init)
      set(&answer.pointee.result, &answer.pointee.has_result, result)
      set(&answer.pointee.message, &answer.pointee.has_message, ifPresent: message.map { writing.copy($0.utf8) })
      set(&answer.pointee.first_event_number, &answer.pointee.has_first_event_number, firstEventNumber)
      set(&answer.pointee.last_event_number, &answer.pointee.has_last_event_number, lastEventNumber)
      set(&answer.pointee.prepare_position, &answer.pointee.has_prepare_position, position.prepare)
      set(&answer.pointee.commit_position, &answer.pointee.has_commit_position, position.commit)
      set(&answer.pointee.current_version, &answer.pointee.has_current_version, ifPresent: currentVersion)
      return answer
    }
  }

  package init(decoding payload: ByteBuffer) throws(WireError) {
    self = try MessageReading.decode(payload, eventstore__write_events_completed__unpack) {
      answer, reading throws(WireError) in
      WriteEventsCompleted(
        result: try reading.value(answer.result, "result of a write"),
        message: reading.text(answer.message, ifPresent: answer.has_message),
        firstEventNumber: answer.first_event_number, lastEventNumber: answer.last_event_number,
        position: Position(commit: answer.commit_position, prepare: answer.prepare_position),
        currentVersion: answer.has_current_version == 0 ? nil : answer.current_version)
    }
  }
}
