internal import CEventStoreProtos
package import NIOCore

/// Answers `CreatePersistentSubscription`.
package struct CreatePersistentSubscriptionCompleted: SingleCommandMessage {
  package static let command = Command.createPersistentSubscriptionCompleted

  /// How it ended.
  package enum Result: UInt32, Hashable, Sendable, CaseIterable {
    case success = 0
    case alreadyExists = 1
    case failed = 2
    case accessDenied = 3
  }

  /// How it ended.
  package var result: Result
  /// The server's words; empty on success.
  package var reason: String

  package init(result: Result, reason: String) {
    self.result = result
    self.reason = reason
  }

  package func encode(into buffer: inout ByteBuffer) {
    MessageWriting.encode(self, into: &buffer) { writing in
      let answer = writing.make(eventstore__create_persistent_subscription_completed__init)
      set(&answer.pointee.result, &answer.pointee.has_result, result)
      set(&answer.pointee.reason, &answer.pointee.has_reason, writing.copy(reason.utf8))
      return answer
    }
  }

  package init(decoding payload: ByteBuffer) throws(WireError) {
    self = try MessageReading.decode(payload, eventstore__create_persistent_subscription_completed__unpack) {
      answer, reading throws(WireError) in
      CreatePersistentSubscriptionCompleted(
        result: try reading.value(answer.result, "result for a persistent subscription"),
        reason: reading.text(answer.reason))
    }
  }
}
