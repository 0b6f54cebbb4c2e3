public import EventStoreCore

/// Events known to be missing from an archive, because the source could not give them.
public struct ArchiveGap: Hashable, Sendable {
  /// What is missing.
  public enum Extent: Hashable, Sendable {
    /// A whole stream, or what would have come of it.
    case stream(StreamName)
    /// Events of a stream, by their numbers.
    case numbers(StreamName, ClosedRange<EventNumber>)
    /// Everything in `$all` after the first position and before the second.
    case positions(after: Position, before: Position)
  }

  /// What is missing.
  public var extent: Extent
  /// Why, in words.
  public var reason: String
  /// When this was found.
  public var recorded: Timestamp

  public init(_ extent: Extent, reason: String, recorded: Timestamp) {
    self.extent = extent
    self.reason = reason
    self.recorded = recorded
  }
}
