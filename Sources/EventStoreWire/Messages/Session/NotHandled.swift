internal import CEventStoreProtos
package import NIOCore

/// Refuses a request that this node cannot handle now.
package struct NotHandled: SingleCommandMessage {
  package static let command = Command.notHandled

  /// Why a node cannot handle a request.
  package enum Reason: UInt32, Hashable, Sendable, CaseIterable {
    /// The node is starting, or has no quorum.
    case notReady = 0
    case tooBusy = 1
    /// The node is not the leader; `leader` says who was, dead or alive.
    case notLeader = 2
    case isReadOnly = 3
  }

  /// Why.
  package var reason: Reason
  /// The leader's addresses; only with `notLeader`.
  package var leader: LeaderInfo?

  package init(reason: Reason, leader: LeaderInfo? = nil) {
    self.reason = reason
    self.leader = leader
  }

  package func encode(into buffer: inout ByteBuffer) {
    var leaderBytes = ByteBuffer()
    leader?.encode(into: &leaderBytes)
    MessageWriting.encode(self, into: &buffer) { writing in
      let message = writing.make(eventstore__not_handled__init)
      set(&message.pointee.reason, &message.pointee.has_reason, reason)
      if leader != nil {
        set(
          &message.pointee.additional_info, &message.pointee.has_additional_info,
          writing.copy(leaderBytes.readableBytesView))
      }
      return message
    }
  }

  package init(decoding payload: ByteBuffer) throws(WireError) {
    self = try MessageReading.decode(payload, eventstore__not_handled__unpack) {
      message, reading throws(WireError) in
      let reason: Reason = try reading.value(message.reason, "reason not to handle a request")
      guard reason == .notLeader, message.has_additional_info != 0 else { return NotHandled(reason: reason) }
      let info = ByteBuffer(bytes: reading.bytes(message.additional_info))
      return NotHandled(reason: reason, leader: try LeaderInfo(decoding: info))
    }
  }
}
