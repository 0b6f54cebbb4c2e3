internal import CEventStoreProtos
package import EventStoreCore
package import NIOCore

/// Answers `ReadAllEvents`; the direction is in the command.
package struct ReadAllEventsCompleted: WireMessage {
  package static let commands = [Command.readAllEventsForwardCompleted, .readAllEventsBackwardCompleted]

  package var command: Command {
    switch direction {
    case .forward: .readAllEventsForwardCompleted
    case .backward: .readAllEventsBackwardCompleted
    }
  }

  /// How a read of `$all` ended.
  package enum Result: UInt32, Hashable, Sendable, CaseIterable {
    case success = 0
    case notModified = 1
    case error = 2
    case accessDenied = 3
  }

  /// Which way was read.
  package var direction: ReadDirection
  /// Where the read began.
  package var position: Position
  /// The events, with positions; a dead link has no event.
  package var events: [ResolvedEvent]
  /// Where the next page begins; (-1,-1) after a failure, and then not to be followed.
  package var nextPosition: Position
  /// How it ended; a success is not on the wire.
  package var result: Result
  /// The server's words; only with `error`.
  package var error: String?

  package init(
    direction: ReadDirection, position: Position, events: [ResolvedEvent], nextPosition: Position,
    result: Result = .success, error: String? = nil
  ) {
    self.direction = direction
    self.position = position
    self.events = events
    self.nextPosition = nextPosition
    self.result = result
    self.error = error
  }

  package func encode(into buffer: inout ByteBuffer) {
    MessageWriting.encode(self, into: &buffer) { writing in
      let answer = writing.make(eventstore__read_all_events_completed__init)
      set(&answer.pointee.commit_position, &answer.pointee.has_commit_position, position.commit)
      set(&answer.pointee.prepare_position, &answer.pointee.has_prepare_position, position.prepare)
      answer.pointee.n_events = events.count
      answer.pointee.events = writing.repeated(events, writing.resolvedEvent)
      set(&answer.pointee.next_commit_position, &answer.pointee.has_next_commit_position, nextPosition.commit)
      set(&answer.pointee.next_prepare_position, &answer.pointee.has_next_prepare_position, nextPosition.prepare)
      if result != .success { set(&answer.pointee.result, &answer.pointee.has_result, result) }
      set(&answer.pointee.error, &answer.pointee.has_error, ifPresent: error.map { writing.copy($0.utf8) })
      return answer
    }
  }

  package init(decoding payload: ByteBuffer, command: Command) throws(WireError) {
    self = try MessageReading.decode(payload, eventstore__read_all_events_completed__unpack) {
      answer, reading throws(WireError) in
      ReadAllEventsCompleted(
        direction: command == .readAllEventsBackwardCompleted ? .backward : .forward,
        position: Position(commit: answer.commit_position, prepare: answer.prepare_position),
        events: try reading.events(answer.events, count: answer.n_events),
        nextPosition: Position(commit: answer.next_commit_position, prepare: answer.next_prepare_position),
        result: try reading.value(answer.result, "result of a read"),
        error: reading.text(answer.error, ifPresent: answer.has_error))
    }
  }
}
