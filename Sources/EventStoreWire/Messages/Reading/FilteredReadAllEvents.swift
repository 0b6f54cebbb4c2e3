internal import CEventStoreProtos
package import EventStoreCore
package import NIOCore

/// Asks for a page of those events of `$all` that a filter lets through (20.6 and later); the direction is in the command.
package struct FilteredReadAllEvents: WireMessage {
  package static let commands = [Command.filteredReadAllEventsForward, .filteredReadAllEventsBackward]

  package var command: Command {
    switch direction {
    case .forward: .filteredReadAllEventsForward
    case .backward: .filteredReadAllEventsBackward
    }
  }

  /// Which way to read.
  package var direction: ReadDirection
  /// Where to begin.
  package var position: Position
  /// How many events at most.
  package var maximumCount: Int32
  /// How many events are looked at, at most; nil leaves it to the server.
  package var maximumSearchWindow: Int32?
  /// Whether links are to be answered with their targets.
  package var resolveLinks: Bool
  /// Whether a node that is not the leader must refuse.
  package var requireLeader: Bool
  /// Which events; nil for all.
  package var filter: ServerFilter?

  package init(
    direction: ReadDirection, position: Position, maximumCount: Int32, maximumSearchWindow: Int32?,
    resolveLinks: Bool, requireLeader: Bool, filter: ServerFilter?
  ) {
    self.direction = direction
    self.position = position
    self.maximumCount = maximumCount
    self.maximumSearchWindow = maximumSearchWindow
    self.resolveLinks = resolveLinks
    self.requireLeader = requireLeader
    self.filter = filter
  }

  package func encode(into buffer: inout ByteBuffer) {
    MessageWriting.encode(self, into: &buffer) { writing in
      let message = writing.make(eventstore__filtered_read_all_events__init)
      set(&message.pointee.commit_position, &message.pointee.has_commit_position, position.commit)
      set(&message.pointee.prepare_position, &message.pointee.has_prepare_position, position.prepare)
      set(&message.pointee.max_count, &message.pointee.has_max_count, maximumCount)
      set(&message.pointee.max_search_window, &message.pointee.has_max_search_window, ifPresent: maximumSearchWindow)
      set(&message.pointee.resolve_link_tos, &message.pointee.has_resolve_link_tos, resolveLinks)
      set(&message.pointee.require_leader, &message.pointee.has_require_leader, requireLeader)
      message.pointee.filter = filter.map(writing.filter)
      return message
    }
  }

  package init(decoding payload: ByteBuffer, command: Command) throws(WireError) {
    self = try MessageReading.decode(payload, eventstore__filtered_read_all_events__unpack) {
      message, reading throws(WireError) in
      FilteredReadAllEvents(
        direction: command == .filteredReadAllEventsBackward ? .backward : .forward,
        position: Position(commit: message.commit_position, prepare: message.prepare_position),
        maximumCount: message.max_count,
        maximumSearchWindow: message.has_max_search_window == 0 ? nil : message.max_search_window,
        resolveLinks: message.resolve_link_tos != 0, requireLeader: message.require_leader != 0,
        filter: try reading.filter(message.filter))
    }
  }
}
