package import EventStoreCore

/// How far a run has come, as the run itself knows it.
package struct ProgressReading: Equatable, Sendable {
  /// Events done by this run.
  package var events: Int
  /// The place in `$all` that has been reached, where there is one.
  package var position: Position?
  /// What part of the work seen at the start is done, 0 to 1; nil when that is not known.
  package var fraction: Double?
  /// How far a follower is behind the source's end, in bytes of the source's log; nil when it is not known.
  package var lagBytes: Int64?
  /// Whether a follower has caught up with the source.
  package var isLive: Bool

  package init(
    events: Int, position: Position? = nil, fraction: Double? = nil, lagBytes: Int64? = nil,
    isLive: Bool = false
  ) {
    self.events = events
    self.position = position
    self.fraction = fraction
    self.lagBytes = lagBytes
    self.isLive = isLive
  }
}
