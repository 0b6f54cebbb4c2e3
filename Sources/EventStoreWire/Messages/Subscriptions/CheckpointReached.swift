internal import CEventStoreProtos
package import EventStoreCore
package import NIOCore

/// Says how far a filtered subscription has come (20.6 and later).
package struct CheckpointReached: SingleCommandMessage {
  package static let command = Command.checkpointReached

  /// How far.
  package var position: Position

  package init(position: Position) {
    self.position = position
  }

  package func encode(into buffer: inout ByteBuffer) {
    MessageWriting.encode(self, into: &buffer) { writing in
      let message = writing.make(eventstore__checkpoint_reached__init)
      set(&message.pointee.commit_position, &message.pointee.has_commit_position, position.commit)
      set(&message.pointee.prepare_position, &message.pointee.has_prepare_position, position.prepare)
      return message
    }
  }

  package init(decoding payload: ByteBuffer) throws(WireError) {
    self = try MessageReading.decode(payload, eventstore__checkpoint_reached__unpack) {
      message, _ throws(WireError) in
      CheckpointReached(position: Position(commit: message.commit_position, prepare: message.prepare_position))
    }
  }
}
