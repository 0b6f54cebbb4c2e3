package import EventStoreCore

/// How far a comparison has come.
package struct CompareProgress: Hashable, Sendable {
  /// What the run is doing.
  package enum Phase: Int, Hashable, Sendable, CaseIterable {
    /// Reading what the reference holds.
    case inventory
    /// Reading the streams of the target.
    case target
    /// Reading the events of the reference.
    case reference
    /// Looking for the place of differences.
    case locating
    /// Looking for streams that only the target has.
    case extra
  }

  /// What the run is doing.
  package var phase = Phase.inventory
  /// Events that were read so far, of either side.
  package var events = 0
  /// The place in `$all` of one side, while it is read.
  package var position: Position?
  /// Events that will be read of both sides; nil while nobody knows.
  package var totalEvents: Int?

  /// What part of the work is done, 0 to 1; nil when nobody knows.
  package var fraction: Double? {
    guard let totalEvents, totalEvents > 0, phase == .target || phase == .reference else { return nil }
    return min(Double(events) / Double(totalEvents), 1)
  }
}
