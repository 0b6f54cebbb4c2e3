package import EventStoreCore

/// Where the next run continues, and how the source is known again: derived from what is durable, never stored.
package struct ResumePoint: Hashable, Sendable {
  /// Everything up to here is archived or was left out on purpose; nil when nothing is, or events have no positions.
  package var checkpoint: Position?
  /// Events of the source, newest first.
  package var anchors: [Anchor]
  /// Of each stream the last archived event; empty unless the scope is a list of streams.
  package var streams: [StreamName: StreamProgress]

  package init(checkpoint: Position? = nil, anchors: [Anchor] = [], streams: [StreamName: StreamProgress] = [:]) {
    self.checkpoint = checkpoint
    self.anchors = anchors
    self.streams = streams
  }
}
