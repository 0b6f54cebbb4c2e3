import EventStoreCore

/// One stream, for a catch-up feed.
struct StreamCatchUpSource: CatchUpSource {
  let reader: any EventReader
  let name: StreamName
  let resolveLinks: Bool
  let pageSize: Int
  let subscribing: @Sendable () async throws -> any SignalSource

  var stream: StreamName? { name }

  func readHistory(from place: EventNumber) async throws -> HistoryPage<EventNumber> {
    let page = try await reader.readStream(
      name, .forward, from: place, maximumCount: pageSize, resolveLinks: resolveLinks)
    switch page.status {
    case .found:
      return HistoryPage(
        events: try placed(page.events), next: page.nextEventNumber, isAtEnd: page.isEndOfStream)
    case .noStream:
      return HistoryPage(events: [], next: place, isAtEnd: true)
    case .deleted:
      throw EventStoreError(.streamDeleted, "stream \(name) is deleted", stream: name)
    }
  }

  func subscribe() async throws -> any SignalSource {
    try await subscribing()
  }

  /// In a stream of links the link's number counts.
  func place(of event: ResolvedEvent) -> EventNumber? {
    event.received?.number
  }

  func confirmation(_ start: SubscriptionStart) -> CatchUpStateMachine<EventNumber>.Confirmation {
    start.lastEventNumber.map { .at($0) } ?? .unknown
  }
}
