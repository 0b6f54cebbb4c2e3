internal import CEventStoreProtos
package import EventStoreCore
package import NIOCore

/// Answers `FilteredReadAllEvents` (20.6 and later); the direction is in the command.
package struct FilteredReadAllEventsCompleted: WireMessage {
  package static let commands = [
    Command.filteredReadAllEventsForwardCompleted, .filteredReadAllEventsBackwardCompleted,
  ]

  package var command: Command {
    switch direction {
    case .forward: .filteredReadAllEventsForwardCompleted
    case .backward: .filteredReadAllEventsBackwardCompleted
    }
  }

  /// How it can end: as a read of `$all`.
  package typealias Result = ReadAllEventsCompleted.Result

  /// Which way was read.
  package var direction: ReadDirection
  /// Where the read began.
  package var position: Position
  /// The events, with positions; a dead link has no event.
  package var events: [ResolvedEvent]
  /// Where the next page begins.
  package var nextPosition: Position
  /// Whether there is nothing more in this direction.
  package var isEndOfStream: Bool
  /// How it ended; a success is not on the wire.
  package var result: Result
  /// The server's words; only with `error`.
  package var error: String?

  package init(
    direction: ReadDirection, position: Position, events: [ResolvedEvent], nextPosition: Position,
    isEndOfStream: Bool, result: Result = .success, error: String? = nil
  ) {
    self.direction = direction
    self.position = position
    self.events = events
    self.nextPosition = nextPosition
    self.isEndOfStream = isEndOfStream
    self.result = result
    self.error = error
  }

  package func encode(into buffer: inout ByteBuffer) {
    MessageWriting.encode(self, into: &buffer) { writing in
      let answer = writing.make(eventstore__filtered_read_all_events_completed__init)
      set(&answer.pointee.commit_position, &answer.pointee.has_commit_position, position.commit)
      set(&answer.pointee.prepare_position, &answer.pointee.has_prepare_position, position.prepare)
      answer.pointee.n_events = events.count
      answer.pointee.events = writing.repeated(events, writing.resolvedEvent)
      set(&answer.pointee.next_commit_position, &answer.pointee.has_next_commit_position, nextPosition.commit)
      set(&answer.pointee.next_prepare_position, &answer.pointee.has_next_prepare_position, nextPosition.prepare)
      set(&answer.pointee.is_end_of_stream, &answer.pointee.has_is_end_of_stream, isEndOfStream)
      if result != .success { set(&answer.pointee.result, &answer.pointee.has_result, result) }
      set(&answer.pointee.error, &answer.pointee.has_error, ifPresent: error.map { writing.copy($0.utf8) })
      return answer
    }
  }

  package init(decoding payload: ByteBuffer, command: Command) throws(WireError) {
    self = try MessageReading.decode(payload, eventstore__filtered_read_all_events_completed__unpack) {
      answer, reading throws(WireError) in
      FilteredReadAllEventsCompleted(
        direction: command == .filteredReadAllEventsBackwardCompleted ? .backward : .forward,
        position: Position(commit: answer.commit_position, prepare: answer.prepare_position),
        events: try reading.events(answer.events, count: answer.n_events),
        nextPosition: Position(commit: answer.next_commit_position, prepare: answer.next_prepare_position),
        isEndOfStream: answer.is_end_of_stream != 0,
        result: try reading.value(answer.result, "result of a read"),
        error: reading.text(answer.error, ifPresent: answer.has_error))
    }
  }
}
