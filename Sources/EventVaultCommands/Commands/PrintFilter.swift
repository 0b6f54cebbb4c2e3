package import EventStoreCore

/// Which events `cat` prints.
package struct PrintFilter: Sendable {
  /// Where it begins.
  package enum Start: Equatable, Sendable {
    /// At this number of each stream.
    case number(EventNumber)
    /// At this commit position.
    case commit(Int64)
  }

  /// Where it begins; nil for the beginning.
  package var start: Start?
  /// The types that pass; empty for all.
  package var types: Set<EventType>

  package init(start: Start? = nil, types: Set<EventType> = []) {
    self.start = start
    self.types = types
  }

  /// Whether the event is to be printed. Events without a position have none to be left out by.
  package func accepts(_ event: RecordedEvent) -> Bool {
    guard types.isEmpty || types.contains(event.type) else { return false }
    switch start {
    case .number(let number): return event.number >= number
    case .commit(let commit): return event.position.map { $0.commit >= commit } ?? true
    case nil: return true
    }
  }
}
