package import EventStoreCore

/// How far a backup has come.
package struct BackupProgress: Hashable, Sendable {
  /// What the run is doing.
  package enum Phase: String, Hashable, Sendable, Codable {
    /// Looking whether the source is the one that was archived.
    case checkingSource
    /// Reading history, up to the end seen at the start.
    case catchingUp
    /// Everything is read; new events are archived as they come.
    case live
    /// Making the archive complete.
    case sealing
  }

  /// What the run is doing.
  package var phase: Phase
  /// Events archived by this run.
  package var events: Int
  /// Events read and left out by this run: those of system streams, and what the filter does not take.
  package var eventsLeftOut: Int
  /// Data and metadata of the events archived by this run.
  package var payloadBytes: Int
  /// Everything up to here is read; nil before the first event, and when the scope is a list of streams.
  package var position: Position?
  /// The newest event when the run began; nil when there was none, and when the scope is a list of streams.
  package var endSeenAtStart: Position?
  /// How much of what there was at the start is read, 0 to 1; nil when nobody knows.
  package var fraction: Double?
  /// How far the source's end is ahead, in bytes of its log; nil when not following.
  package var lagBytes: Int64?
  /// When the newest archived event was created.
  package var newestCreated: Timestamp?
  /// The time since the run began.
  package var elapsed: Duration

  package init(phase: Phase, elapsed: Duration) {
    self.phase = phase
    self.events = 0
    self.eventsLeftOut = 0
    self.payloadBytes = 0
    self.elapsed = elapsed
  }
}
