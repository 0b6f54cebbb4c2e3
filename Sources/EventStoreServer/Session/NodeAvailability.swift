package import EventStoreWire

/// What a node can do for its clients at the moment.
package enum NodeAvailability: Hashable, Sendable {
  /// Everything: the node is the leader.
  case ready
  /// Only reads that need no leader, by anonymous clients: it is starting, or has no quorum.
  case notReady
  /// Nothing, for now.
  case tooBusy
  /// What needs no leader; for the rest it names one, dead or alive.
  case follower(of: LeaderInfo)
  /// Only reads, for good.
  case readOnly

  /// What a request needs of a node.
  enum Need {
    /// Any node answers it.
    case anyNode
    /// It was asked of the leader alone.
    case leader
    /// It writes; a follower forwards it unless it was asked of the leader alone.
    case writer(requireLeader: Bool)
  }

  /// Why a request with this need is not handled; nil when it is.
  func refusal(_ need: Need) -> NotHandled? {
    switch (self, need) {
    case (.ready, _), (.notReady, .anyNode), (.follower, .anyNode), (.follower, .writer(requireLeader: false)),
      (.readOnly, .anyNode):
      nil
    case (.tooBusy, _): NotHandled(reason: .tooBusy)
    case (.notReady, _): NotHandled(reason: .notReady)
    case (.follower(let leader), _): NotHandled(reason: .notLeader, leader: leader)
    case (.readOnly, _): NotHandled(reason: .isReadOnly)
    }
  }
}
