/// Which consumer of a group gets the next event.
package enum ConsumerStrategy: String, Hashable, Sendable, CaseIterable {
  /// One after the other.
  case roundRobin = "RoundRobin"
  /// The first one that has room, always the same while it has.
  case dispatchToSingle = "DispatchToSingle"
  /// Events of one stream go to one consumer, as long as the consumers stay the same.
  case pinned = "Pinned"
}
