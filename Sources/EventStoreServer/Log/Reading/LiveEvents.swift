package import EventStoreCore

/// Where a live subscription begins.
package struct SubscriptionStart: Hashable, Sendable {
  /// How many events had been written.
  package var place: Int
  /// Where the newest committed record begins; -1 before there is one.
  package var lastCommitPosition: Int64
  /// The number of the stream's last event, -1 when it has none; nil for `$all`.
  package var lastEventNumber: EventNumber?
}

/// Some events that were written, and where to go on.
package struct LiveEvents: Hashable, Sendable {
  /// The events, with their positions.
  package var events: [ResolvedEvent]
  /// The place to go on from.
  package var nextPlace: Int
  /// Whether that is the end of the log.
  package var isAtEnd: Bool
}

/// Live subscriptions: their events are read from the log, so that nothing waits in memory for a slow client.
extension MemoryLog {
  /// How many events one look for live events passes over at most.
  private static let maximumLookAhead = 10_000

  func subscribe(_ stream: StreamName, by principal: Principal?) -> SubscriptionStart? {
    guard allows(.read, to: stream, by: principal) else { return nil }
    return SubscriptionStart(
      place: store.records.count, lastCommitPosition: store.lastCommitPosition,
      lastEventNumber: stream.utf8.isEmpty ? nil : streams.view(stream).lastNumber)
  }

  func liveEvents(
    from place: Int, in stream: StreamName, resolveLinks: Bool, maximumCount: Int, at now: Timestamp
  ) -> LiveEvents {
    let end = min(store.records.count, place + Self.maximumLookAhead)
    let wanted = stream.utf8.isEmpty ? nil : streams.find(stream)
    var live = LiveEvents(events: [], nextPlace: place, isAtEnd: false)
    while live.nextPlace < end, live.events.count < maximumCount {
      let record = store.records[live.nextPlace]
      live.nextPlace += 1
      guard stream.utf8.isEmpty || record.stream == wanted else { continue }
      if let event = resolve(record, links: resolveLinks, for: .subscription, at: now, withPosition: true) {
        live.events.append(event)
      }
    }
    live.isAtEnd = live.nextPlace == store.records.count
    return live
  }
}
