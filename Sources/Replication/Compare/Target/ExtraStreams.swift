import EventStoreCore

/// The streams that a pass over the target's `$all` shows and the reference does not hold.
struct ExtraStreams: Sendable {
  private let known: Set<StreamName>
  private let scope: RestoreScope
  private let claimsAll: @Sendable (StreamName) -> Bool
  /// What was found.
  private(set) var candidates: Set<StreamName> = []

  /// - Parameters:
  ///   - known: The names on the target of the reference's streams.
  ///   - claimsAll: Whether the reference would hold a stream if there were one.
  init(besides known: Set<StreamName>, scope: RestoreScope, claimsAll: @escaping @Sendable (StreamName) -> Bool) {
    (self.known, self.scope, self.claimsAll) = (known, scope, claimsAll)
  }

  /// The next events of the target.
  mutating func add(_ events: [RecordedEvent]) {
    for event in events {
      let stream = event.stream.describedStream ?? event.stream
      guard !stream.isMetadataStream, !known.contains(stream), scope.takes(stream), claimsAll(stream) else { continue }
      candidates.insert(stream)
    }
  }
}
