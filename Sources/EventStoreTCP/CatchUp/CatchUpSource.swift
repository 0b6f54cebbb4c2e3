import EventStoreCore

/// What a catch-up feed follows, and how it is read and subscribed to.
protocol CatchUpSource: Sendable {
  associatedtype Place: CatchUpPlace

  /// The stream; nil for `$all`.
  var stream: StreamName? { get }

  /// Reads a page of the history.
  /// - Throws: as `EventReader`; `streamDeleted` when there will be no more.
  func readHistory(from place: Place) async throws -> HistoryPage<Place>

  /// Subscribes to what is written from now on.
  func subscribe() async throws -> any SignalSource

  /// Where an event stands; nil when the server did not say.
  func place(of event: ResolvedEvent) -> Place?

  /// Whether the feed gives this event.
  func wants(_ event: ResolvedEvent) -> Bool

  /// What a page must be past to hold everything that was written before the subscription began.
  func confirmation(_ start: SubscriptionStart) -> CatchUpStateMachine<Place>.Confirmation
}

extension CatchUpSource {
  func wants(_ event: ResolvedEvent) -> Bool { true }

  /// The events that the feed gives, with their places.
  /// - Throws: `protocolViolation` when the server did not say where one stands.
  func placed(_ events: some Sequence<ResolvedEvent>) throws(EventStoreError) -> [PlacedEvent<Place>] {
    var placed: [PlacedEvent<Place>] = []
    placed.reserveCapacity(events.underestimatedCount)
    for event in events where wants(event) {
      guard let place = place(of: event) else {
        throw EventStoreError(.protocolViolation, "the server gave an event without its place", stream: stream)
      }
      placed.append(PlacedEvent(place: place, event: event))
    }
    return placed
  }
}

/// What a feed waits for while it is live: a volatile subscription.
protocol SignalSource: Sendable {
  /// The next signal; nil after `close()`.
  func next() async throws -> SubscriptionSignal?

  /// Ends the subscription.
  func close() async
}

extension VolatileSubscription: SignalSource {}
