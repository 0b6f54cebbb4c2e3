package import EventArchive
package import EventStoreCore

/// Decides whether a source is the one that was archived, by the events that the archive remembers of it.
///
/// Diverged is only what cannot be explained otherwise: another id at exactly an anchor's position, or an error there. An
/// anchor that is gone was scavenged, and an older one is tried. A source that ends before the checkpoint may be a follower
/// that lags: it is waited for. (ARCHIVE-FORMAT, Anchors.)
package struct AnchorCheckStateMachine: Sendable {
  /// What to do next.
  package enum Action: Equatable, Sendable {
    /// Read the position of the source's last event.
    case readEnd
    /// Read one event of `$all`, forward from here.
    case readEvent(at: Position)
    /// The source ends too early: wait a little, then read its end again.
    case waitForSource
    /// It is the same source.
    case same
    /// Nothing speaks against it, but every anchor is gone.
    case unproven
    /// It is another source; why, in words.
    case diverged(String)
  }

  private enum State {
    case idle
    case readingEnd
    case waiting
    case readingAnchor(Anchor, older: ArraySlice<Anchor>)
    case decided
  }

  private let checkpoint: Position?
  private let anchors: [Anchor]
  private var state = State.idle

  /// - Parameter anchors: Newest first.
  package init(checkpoint: Position?, anchors: [Anchor]) {
    self.checkpoint = checkpoint
    self.anchors = anchors
  }

  /// The check begins.
  package mutating func started() -> Action {
    guard checkpoint != nil else { return decide(.same) }
    state = .readingEnd
    return .readEnd
  }

  /// The source's last event was read; nil when it has none.
  package mutating func endRead(_ end: Position?) -> Action {
    guard let end, let checkpoint, end >= checkpoint else {
      state = .waiting
      return .waitForSource
    }
    return check(anchors[...])
  }

  /// The wait for a source that ends too early is over.
  package mutating func waited(hasTimeLeft: Bool) -> Action {
    guard hasTimeLeft else {
      return decide(.diverged("its last event lies before the archive's checkpoint"))
    }
    state = .readingEnd
    return .readEnd
  }

  /// What stands at the anchor, or after it, was read; nil for nothing.
  package mutating func eventRead(_ event: (position: Position, id: EventID)?) -> Action {
    switch state {
    case .readingAnchor(let anchor, let older):
      guard let event, event.position == anchor.position else { return check(older) }
      guard event.id == anchor.id else {
        return decide(.diverged("it has event \(event.id) at \(anchor.position), the archive has \(anchor.id)"))
      }
      return decide(.same)
    case .idle, .readingEnd, .waiting, .decided:
      return decide(.unproven)
    }
  }

  /// The source answered that no event begins at the anchor.
  package mutating func eventRefused(_ words: String) -> Action {
    switch state {
    case .readingAnchor(let anchor, _):
      decide(.diverged("it has no event at \(anchor.position): \(words)"))
    case .idle, .readingEnd, .waiting, .decided:
      decide(.unproven)
    }
  }

  private mutating func check(_ anchors: ArraySlice<Anchor>) -> Action {
    guard let anchor = anchors.first else { return decide(.unproven) }
    state = .readingAnchor(anchor, older: anchors.dropFirst())
    return .readEvent(at: anchor.position)
  }

  private mutating func decide(_ action: Action) -> Action {
    state = .decided
    return action
  }
}
