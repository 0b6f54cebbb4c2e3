import EventStoreCore

/// `$all`, for a catch-up feed.
struct AllCatchUpSource: CatchUpSource {
  let reader: any EventReader
  let resolveLinks: Bool
  let pageSize: Int
  let subscribing: @Sendable () async throws -> any SignalSource

  var stream: StreamName? { nil }

  func readHistory(from place: Position) async throws -> HistoryPage<Position> {
    let page = try await reader.readAll(
      .forward, from: place, maximumCount: pageSize, resolveLinks: resolveLinks)
    return HistoryPage(
      events: try placed(page.events), next: page.nextPosition,
      isAtEnd: page.events.isEmpty && page.nextPosition == place)
  }

  func subscribe() async throws -> any SignalSource {
    try await subscribing()
  }

  func place(of event: ResolvedEvent) -> Position? {
    event.position ?? event.received?.position
  }

  /// The events of one transaction share their commit position; all of them must have been read.
  func confirmation(_ start: SubscriptionStart) -> CatchUpStateMachine<Position>.Confirmation {
    .at(Position(commit: start.lastCommitPosition, prepare: .max))
  }
}
