public import EventStoreCore

/// What the manifest says of a source that was read further than its last archived event.
public struct CheckpointRecord: Hashable, Sendable {
  /// Everything up to here, this position included, is archived or was left out on purpose.
  public var position: Position
  /// Events by which the source is known again, newest first; they need not be archived.
  public var anchors: [Anchor]
  /// When this was written.
  public var recorded: Timestamp

  public init(position: Position, anchors: [Anchor], recorded: Timestamp) {
    self.position = position
    self.anchors = anchors
    self.recorded = recorded
  }
}
