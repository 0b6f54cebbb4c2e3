package import EventStoreCore

/// Parked events that are handed out anew, as events that were sent to nobody yet.
extension ConsumerGroupStateMachine {
  /// Everything that was parked before this number is to be handed out anew.
  package mutating func replayAsked(before number: EventNumber) {
    replay.begin(before: number)
  }

  /// Parked events came: links with what they lead to.
  /// - Parameter next: the number to read on from; nil when there is no more.
  package mutating func parkedRead(_ events: [ResolvedEvent], next: EventNumber?, now: Duration) -> [Action] {
    let entries = events.compactMap { event in
      event.link.map { Entry(event: event, id: $0.id, number: $0.number, wasParked: true) }
    }
    replay.read(entries.map(\.number), next: next ?? 0)
    if next == nil { replay.reachedEnd() }
    unparked += entries
    return clearIfDue(isTimeUp: false) + push(now)
  }

  /// What to read of what is parked; nil while nothing is asked for, or enough was read.
  var parkedNeed: Need? {
    guard replay.unread > 0, unparked.count < settings.bufferSize else { return nil }
    let room = min(settings.readBatchSize, settings.bufferSize - unparked.count)
    return .parked(from: replay.next, maximumCount: Int(min(Int64(room), replay.unread)))
  }

  mutating func clearIfDue(isTimeUp: Bool) -> [Action] {
    replay.newlyCleared(isTimeUp: isTimeUp).map { [.clearParked(before: $0)] } ?? []
  }
}
