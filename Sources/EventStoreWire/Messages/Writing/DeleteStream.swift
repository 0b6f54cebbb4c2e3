internal import CEventStoreProtos
package import EventStoreCore
package import NIOCore

/// Asks to delete a stream, soft or hard.
package struct DeleteStream: SingleCommandMessage {
  package static let command = Command.deleteStream

  /// The stream.
  package var stream: StreamName
  /// The number that `ExpectedVersion.wireValue` gives; -4 (stream exists) is refused here.
  package var expectedVersion: Int64
  /// Whether a node that is not the leader must refuse instead of forwarding.
  package var requireLeader: Bool
  /// Whether the name is spent for ever.
  package var hardDelete: Bool

  package init(stream: StreamName, expectedVersion: Int64, requireLeader: Bool, hardDelete: Bool) {
    self.stream = stream
    self.expectedVersion = expectedVersion
    self.requireLeader = requireLeader
    self.hardDelete = hardDelete
  }

  package func encode(into buffer: inout ByteBuffer) {
    MessageWriting.encode(self, into: &buffer) { writing in
      let message = writing.make(eventstore__delete_stream__init)
      set(&message.pointee.event_stream_id, &message.pointee.has_event_stream_id, writing.copy(stream.utf8))
      set(&message.pointee.expected_version, &message.pointee.has_expected_version, expectedVersion)
      set(&message.pointee.require_leader, &message.pointee.has_require_leader, requireLeader)
      set(&message.pointee.hard_delete, &message.pointee.has_hard_delete, hardDelete)
      return message
    }
  }

  package init(decoding payload: ByteBuffer) throws(WireError) {
    self = try MessageReading.decode(payload, eventstore__delete_stream__unpack) {
      message, reading throws(WireError) in
      DeleteStream(
        stream: reading.streamName(message.event_stream_id), expectedVersion: message.expected_version,
        requireLeader: message.require_leader != 0, hardDelete: message.hard_delete != 0)
    }
  }
}
