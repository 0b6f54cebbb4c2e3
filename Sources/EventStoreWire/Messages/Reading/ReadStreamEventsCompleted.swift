internal import CEventStoreProtos
package import EventStoreCore
package import NIOCore

/// Answers `ReadStreamEvents`; the direction is in the command.
package struct ReadStreamEventsCompleted: WireMessage {
  package static let commands = [Command.readStreamEventsForwardCompleted, .readStreamEventsBackwardCompleted]

  package var command: Command {
    switch direction {
    case .forward: .readStreamEventsForwardCompleted
    case .backward: .readStreamEventsBackwardCompleted
    }
  }

  /// How a read of a stream ended.
  package enum Result: UInt32, Hashable, Sendable, CaseIterable {
    case success = 0
    case noStream = 1
    case streamDeleted = 2
    case notModified = 3
    case error = 4
    case accessDenied = 5
  }

  /// Which way was read.
  package var direction: ReadDirection
  /// How it ended.
  package var result: Result
  /// The events, without positions; a dead link has no event.
  package var events: [ResolvedEvent]
  /// Where the next page begins.
  package var nextEventNumber: EventNumber
  /// The number of the stream's last event.
  package var lastEventNumber: EventNumber
  /// Whether there is nothing more in this direction.
  package var isEndOfStream: Bool
  /// Up to where the log was written.
  package var lastCommitPosition: Int64
  /// The server's words; empty unless `error`.
  package var error: String

  package init(
    direction: ReadDirection, result: Result, events: [ResolvedEvent], nextEventNumber: EventNumber,
    lastEventNumber: EventNumber, isEndOfStream: Bool, lastCommitPosition: Int64, error: String = ""
  ) {
    self.direction = direction
    self.result = result
    self.events = events
    self.nextEventNumber = nextEventNumber
    self.lastEventNumber = lastEventNumber
    self.isEndOfStream = isEndOfStream
    self.lastCommitPosition = lastCommitPosition
    self.error = error
  }

  package func encode(into buffer: inout ByteBuffer) {
    MessageWriting.encode(self, into: &buffer) { writing in
      let answer = writing.make(eventstore__read_stream_events_completed__init)
      answer.pointee.n_events = events.count
      answer.pointee.events = writing.repeated(events) { writing.resolvedIndexedEvent($0) }
      set(&answer.pointee.result, &answer.pointee.has_result, result)
      set(&answer.pointee.next_event_number, &answer.pointee.has_next_event_number, nextEventNumber)
      set(&answer.pointee.last_event_number, &answer.pointee.has_last_event_number, lastEventNumber)
      set(&answer.pointee.is_end_of_stream, &answer.pointee.has_is_end_of_stream, isEndOfStream)
      set(&answer.pointee.last_commit_position, &answer.pointee.has_last_commit_position, lastCommitPosition)
      set(&answer.pointee.error, &answer.pointee.has_error, writing.copy(error.utf8))
      return answer
    }
  }

  package init(decoding payload: ByteBuffer, command: Command) throws(WireError) {
    self = try MessageReading.decode(payload, eventstore__read_stream_events_completed__unpack) {
      answer, reading throws(WireError) in
      ReadStreamEventsCompleted(
        direction: command == .readStreamEventsBackwardCompleted ? .backward : .forward,
        result: try reading.value(answer.result, "result of a read"),
        events: try reading.events(answer.events, count: answer.n_events),
        nextEventNumber: answer.next_event_number, lastEventNumber: answer.last_event_number,
        isEndOfStream: answer.is_end_of_stream != 0, lastCommitPosition: answer.last_commit_position,
        error: reading.text(answer.error))
    }
  }
}
