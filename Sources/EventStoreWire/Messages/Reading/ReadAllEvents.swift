internal import CEventStoreProtos
package import EventStoreCore
package import NIOCore

/// Asks for a page of `$all`; the direction is in the command.
package struct ReadAllEvents: WireMessage {
  package static let commands = [Command.readAllEventsForward, .readAllEventsBackward]

  package var command: Command {
    switch direction {
    case .forward: .readAllEventsForward
    case .backward: .readAllEventsBackward
    }
  }

  /// Which way to read.
  package var direction: ReadDirection
  /// Where to begin: forward with this position, backward before it.
  package var position: Position
  /// How many events at most: 1 to 4096.
  package var maximumCount: Int32
  /// Whether links are to be answered with their targets.
  package var resolveLinks: Bool
  /// Whether a node that is not the leader must refuse.
  package var requireLeader: Bool

  package init(
    direction: ReadDirection, position: Position, maximumCount: Int32, resolveLinks: Bool, requireLeader: Bool
  ) {
    self.direction = direction
    self.position = position
    self.maximumCount = maximumCount
    self.resolveLinks = resolveLinks
    self.requireLeader = requireLeader
  }

  package func encode(into buffer: inout ByteBuffer) {
    MessageWriting.encode(self, into: &buffer) { writing in
      let message = writing.make(eventstore__read_all_events__init)
      set(&message.pointee.commit_position, &message.pointee.has_commit_position, position.commit)
      set(&message.pointee.prepare_position, &message.pointee.has_prepare_position, position.prepare)
      set(&message.pointee.max_count, &message.pointee.has_max_count, maximumCount)
      set(&message.pointee.resolve_link_tos, &message.pointee.has_resolve_link_tos, resolveLinks)
      set(&message.pointee.require_leader, &message.pointee.has_require_leader, requireLeader)
      return message
    }
  }

  package init(decoding payload: ByteBuffer, command: Command) throws(WireError) {
    self = try MessageReading.decode(payload, eventstore__read_all_events__unpack) {
      message, _ throws(WireError) in
      ReadAllEvents(
        direction: command == .readAllEventsBackward ? .backward : .forward,
        position: Position(commit: message.commit_position, prepare: message.prepare_position),
        maximumCount: message.max_count, resolveLinks: message.resolve_link_tos != 0,
        requireLeader: message.require_leader != 0)
    }
  }
}
