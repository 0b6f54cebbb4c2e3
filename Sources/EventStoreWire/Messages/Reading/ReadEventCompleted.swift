internal import CEventStoreProtos
package import EventStoreCore
package import NIOCore

/// Answers `ReadEvent`.
package struct ReadEventCompleted: SingleCommandMessage {
  package static let command = Command.readEventCompleted

  /// How a read of one event ended.
  package enum Result: UInt32, Hashable, Sendable, CaseIterable {
    case success = 0
    case notFound = 1
    case noStream = 2
    case streamDeleted = 3
    case error = 4
    case accessDenied = 5
  }

  /// How it ended.
  package var result: Result
  /// The event, without a position; nil when there is none (on the wire a message without fields).
  package var event: ResolvedEvent?
  /// The server's words; only with `error`.
  package var error: String?

  package init(result: Result, event: ResolvedEvent?, error: String? = nil) {
    self.result = result
    self.event = event
    self.error = error
  }

  package func encode(into buffer: inout ByteBuffer) {
    MessageWriting.encode(self, into: &buffer) { writing in
      let answer = writing.make(eventstore__read_event_completed__init)
      set(&answer.pointee.result, &answer.pointee.has_result, result)
      answer.pointee.event = writing.resolvedIndexedEvent(event)
      set(&answer.pointee.error, &answer.pointee.has_error, ifPresent: error.map { writing.copy($0.utf8) })
      return answer
    }
  }

  package init(decoding payload: ByteBuffer) throws(WireError) {
    self = try MessageReading.decode(payload, eventstore__read_event_completed__unpack) {
      answer, reading throws(WireError) in
      var event: ResolvedEvent?
      if let message = answer.event?.pointee, message.event != nil || message.link != nil {
        event = try reading.event(message)
      }
      return ReadEventCompleted(
        result: try reading.value(answer.result, "result of a read"), event: event,
        error: reading.text(answer.error, ifPresent: answer.has_error))
    }
  }
}
