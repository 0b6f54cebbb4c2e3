import EventStoreCore

/// The events that a subscription has fetched and not given yet.
///
/// They belong to the subscription, not to the loop over it: who leaves the loop and comes back misses nothing.
final class FetchedEvents: Sendable {
  /// What the consumer gets next.
  enum Next: Sendable {
    case event(ResolvedEvent)
    /// More has to be fetched.
    case nothing
    /// The subscription was closed.
    case end
  }

  private struct State {
    var events: [ResolvedEvent] = []
    var given = 0
    var isClosed = false
  }

  private let state = Locked(State())

  /// Takes the next event.
  func next() -> Next {
    state.withLock { state in
      if state.isClosed { return .end }
      guard state.given < state.events.count else { return .nothing }
      defer { state.given += 1 }
      return .event(state.events[state.given])
    }
  }

  /// Takes the place of the events that were there, all of which have been given.
  func fetched(_ events: [ResolvedEvent]) {
    state.withLock { state in
      state.events = events
      state.given = 0
    }
  }

  /// Nothing more is given.
  func close() {
    state.withLock { state in
      state.isClosed = true
      state.events = []
    }
  }
}
