package import EventStoreCore

/// An event that the target does not take, and why.
package struct RejectedEvent: Hashable, Sendable {
  /// The event, as archived.
  package var event: RecordedEvent
  /// Why, in words.
  package var reason: String

  package init(event: RecordedEvent, reason: String) {
    self.event = event
    self.reason = reason
  }
}

/// Where rejected events go, so that nothing is lost silently.
package protocol RejectedEventSink: Sendable {
  /// Keeps one event. Called before the report counts it.
  /// - Throws: whatever makes keeping it impossible; the run ends with it.
  func reject(_ event: RejectedEvent) async throws
}
