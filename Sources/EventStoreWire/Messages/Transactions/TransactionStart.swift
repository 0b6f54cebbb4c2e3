internal import CEventStoreProtos
package import EventStoreCore
package import NIOCore

/// Asks to begin an explicit transaction on a stream.
package struct TransactionStart: SingleCommandMessage {
  package static let command = Command.transactionStart

  /// The stream.
  package var stream: StreamName
  /// The number that `ExpectedVersion.wireValue` gives; checked when the transaction is committed.
  package var expectedVersion: Int64
  /// Whether a node that is not the leader must refuse instead of forwarding.
  package var requireLeader: Bool

  package init(stream: StreamName, expectedVersion: Int64, requireLeader: Bool) {
    self.stream = stream
    self.expectedVersion = expectedVersion
    self.requireLeader = requireLeader
  }

  package func encode(into buffer: inout ByteBuffer) {
    MessageWriting.encode(self, into: &buffer) { writing in
      let message = writing.make(eventstore__transaction_start__init)
      set(&message.pointee.event_stream_id, &message.pointee.has_event_stream_id, writing.copy(stream.utf8))
      set(&message.pointee.expected_version, &message.pointee.has_expected_version, expectedVersion)
      set(&message.pointee.require_leader, &message.pointee.has_require_leader, requireLeader)
      return message
    }
  }

  package init(decoding payload: ByteBuffer) throws(WireError) {
    self = try MessageReading.decode(payload, eventstore__transaction_start__unpack) {
      message, reading throws(WireError) in
      TransactionStart(
        stream: reading.streamName(message.event_stream_id), expectedVersion: message.expected_version,
        requireLeader: message.require_leader != 0)
    }
  }
}
