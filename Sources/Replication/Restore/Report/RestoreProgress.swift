package import EventStoreCore

/// How far a restore has come.
package struct RestoreProgress: Hashable, Sendable {
  /// What the run is doing.
  package enum Phase: String, Hashable, Sendable, Codable {
    /// Reading which streams the archive holds, and their metadata.
    case planning
    /// Going through the archive.
    case restoring
  }

  /// What the run is doing.
  package var phase: Phase
  /// Events of the archive handled so far: written, found there, or left out.
  package var events: Int
  /// Events of the archive that the run goes through.
  package var totalEvents: Int
  /// Events written to the target so far.
  package var eventsAppended: Int
  /// Appends under way.
  package var inFlight: Int
  /// How much of the archive is handled, 0 to 1; nil when nobody knows yet.
  package var fraction: Double? {
    totalEvents > 0 ? Double(events) / Double(totalEvents) : nil
  }
  /// Everything of the archive up to this position is handled, streams' metadata excepted.
  package var position: Position?
  /// The time since the run began.
  package var elapsed: Duration

  package init(phase: Phase, totalEvents: Int, elapsed: Duration) {
    self.phase = phase
    self.events = 0
    self.totalEvents = totalEvents
    self.eventsAppended = 0
    self.inFlight = 0
    self.elapsed = elapsed
  }
}
