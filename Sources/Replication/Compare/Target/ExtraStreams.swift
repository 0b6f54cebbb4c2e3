import EventStoreCore

/// The streams that a pass over the target's `$all` shows and the reference does not hold.
struct ExtraStreams: Sendable {
  private let known: Set<StreamName>
  private let canBeHeld: @Sendable (StreamName) -> Bool
  /// What was found.
  private(set) var candidates: Set<StreamName> = []

  /// - Parameters:
  ///   - known: The names on the target of the reference's streams.
  ///   - canBeHeld: Whether the reference would hold a stream of this name on the target if there were one.
  init(besides known: Set<StreamName>, canBeHeld: @escaping @Sendable (StreamName) -> Bool) {
    (self.known, self.canBeHeld) = (known, canBeHeld)
  }

  /// The next events of the target.
  mutating func add(_ events: [RecordedEvent]) {
    for event in events {
      let stream = event.stream.describedStream ?? event.stream
      guard !stream.isMetadataStream, !known.contains(stream), canBeHeld(stream) else { continue }
      candidates.insert(stream)
    }
  }
}
