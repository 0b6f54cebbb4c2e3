package import EventStoreCore

/// What operators ask: how the groups are doing, and to hand out anew what was parked.
extension PersistentSubscriptions {
  /// What became of a wish to hand out parked events anew.
  package enum Replaying: Hashable, Sendable {
    case begun
    case accessDenied
    case notFound
  }

  /// How groups are doing: all of them, those of a stream, or one; nil for users who may not know.
  package func reports(
    stream: StreamName? = nil, group: String? = nil, by principal: Principal?
  ) -> [GroupReport]? {
    guard let principal, principal.isAdministrator || principal.groups.contains(Principal.operatorsGroup) else {
      return nil
    }
    return state.withLock { state in
      let keys = state.order.filter { (stream ?? $0.stream, group ?? $0.group) == ($0.stream, $0.group) }
      return keys.compactMap { report(of: $0, in: &state) }
    }
  }

  /// Puts everything that a group has parked back in front of its consumers, before what is new.
  package func replayParked(_ key: GroupKey, by principal: Principal?) -> Replaying {
    change { state in
      guard mayManage(principal) else { return .accessDenied }
      guard state.groups[key] != nil else { return .notFound }
      state.groups[key]?.machine.replayAsked(before: parkedNumbers(of: key).upperBound)
      read(for: key, in: &state)
      return .begun
    }
  }

  /// Reads what is parked, and what it leads to as the group delivers it.
  func readParked(of key: GroupKey, from number: EventNumber, maximumCount: Int, resolveLinks: Bool)
    -> (events: [ResolvedEvent], next: EventNumber?)
  {
    guard let page = readPage(of: key.parkedStream, from: number, maximumCount: maximumCount, resolveLinks: false)
    else { return ([], nil) }
    let events = page.events.compactMap { parked in
      parked.event.map { ResolvedEvent(event: target(of: $0, resolveLinks: resolveLinks), link: $0) }
    }
    return (events, page.nextEventNumber > number ? page.nextEventNumber : nil)
  }

  /// What a parked link leads to; nil when that is gone.
  private func target(of link: RecordedEvent, resolveLinks: Bool) -> RecordedEvent? {
    guard let target = LinkTarget(link.data) else { return nil }
    let outcome = log.readEvent(target.stream, number: target.number, resolveLinks: resolveLinks, by: .system)
    guard case .found(.found(let event)) = outcome else { return nil }
    return event.event
  }

  private func report(of key: GroupKey, in state: inout State) -> GroupReport? {
    guard let statistics = state.groups[key]?.machine.statistics(now: now), let group = state.groups[key] else {
      return nil
    }
    let newest = lastNumber(of: key.stream)
    let consumers = statistics.consumers.map { consumer in
      let peer = state.peers[consumer.id.connection]
      return GroupReport.Consumer(
        statistics: consumer, address: peer?.address ?? "",
        user: state.connections[consumer.id.connection]?.users[consumer.id.correlationID] ?? "",
        connectionName: peer?.name ?? "")
    }
    let parked = parkedNumbers(of: key)
    return GroupReport(
      key: key, configuration: group.settings, statistics: statistics,
      lastKnown: max(statistics.lastRead, newest >= group.firstWanted ? newest : -1),
      parkedCount: parked.upperBound - parked.lowerBound, consumers: consumers)
  }

  /// The numbers of the events that are parked.
  private func parkedNumbers(of key: GroupKey) -> Range<EventNumber> {
    guard let last = lastEvent(of: key.parkedStream)?.number, last < .max else { return 0..<0 }
    let page = readPage(of: key.parkedStream, from: 0, maximumCount: 1, resolveLinks: false)
    let first = page?.events.first?.event?.number ?? page?.nextEventNumber ?? last + 1
    return min(first, last + 1)..<(last + 1)
  }
}
