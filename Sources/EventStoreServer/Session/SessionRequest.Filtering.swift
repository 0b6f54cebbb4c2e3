import EventStoreCore
import EventStoreWire

/// Requests with filters: servers from 20.6 on know them.
extension SessionRequest {
  /// How many events are looked at for one page where the request does not say it.
  private static let defaultSearchWindow: Int32 = 500
  private static let largestSearchWindow: Int32 = 4096

  func readAllFiltered(_ message: FilteredReadAllEvents) throws(RequestFailure) -> FilteredReadAllEventsCompleted {
    let condition = try EventCondition(message.filter)
    let window = min(message.maximumSearchWindow ?? Self.defaultSearchWindow, Self.largestSearchWindow)
    let read = try readAll(
      ReadAllEvents(
        direction: message.direction, position: message.position, maximumCount: window,
        resolveLinks: message.resolveLinks, requireLeader: message.requireLeader))
    let wanted = read.events.filter(condition.holds)
    let given = wanted.prefix(max(0, Int(message.maximumCount)))
    var completed = FilteredReadAllEventsCompleted(
      direction: message.direction, position: read.position, events: Array(given), nextPosition: read.nextPosition,
      isEndOfStream: read.events.count < Int(window), result: read.result, error: read.error)
    if given.count < wanted.count {
      // Forward reads include the position they begin at, backward reads do not.
      let next = message.direction == .forward ? wanted[given.count] : wanted[max(0, given.count - 1)]
      completed.nextPosition = next.position ?? read.nextPosition
      completed.isEndOfStream = false
    }
    return completed
  }

  func subscribeFiltered(
    _ message: FilteredSubscribeToStream, _ subscriptions: inout SubscriptionSet
  ) throws(RequestFailure) -> [SessionAction] {
    try subscribe(
      SubscribeToStream(stream: message.stream, resolveLinks: message.resolveLinks),
      condition: EventCondition(message.filter), &subscriptions)
  }
}
