package import EventStoreCore
import EventStoreWire

/// What servers from 20.6 on choose from `$all` themselves.
extension TCPEventStore {
  /// Some events of `$all` that a filter wants.
  struct FilteredPage {
    var events: [ResolvedEvent]
    var nextPosition: Position
    /// Whether nothing more was stored when it was read.
    var isAtEnd: Bool
  }

  /// How many events the server looks at for one page at least: few may be wanted.
  private static let searchWindow = 4096
  /// How many such windows pass until the server says where a subscription is; we do not need to know.
  private static let checkpointInterval: Int32 = 1000

  /// Reads one page of the events that the filter wants.
  /// - Throws: `badRequest` when the server cannot filter, else as `readAll`.
  func readAllForward(
    _ filter: ServerFilter, from position: Position, maximumCount: Int, resolveLinks: Bool
  ) async throws -> FilteredPage {
    let frame = try await page(maximumCount: maximumCount) { count in
      FilteredReadAllEvents(
        direction: .forward, position: position, maximumCount: count,
        maximumSearchWindow: max(count, Int32(Self.searchWindow)), resolveLinks: resolveLinks,
        requireLeader: configuration.requiresLeader, filter: filter)
    }
    let answer = try read(FilteredReadAllEventsCompleted.self, from: frame.answer, about: nil)
    try Self.check(answer.result, from: position, words: answer.error, user: user, resolveLinks: resolveLinks)
    pageReceived(frame, count: answer.events.count)
    return FilteredPage(
      events: answer.events, nextPosition: answer.nextPosition, isAtEnd: answer.isEndOfStream)
  }

  /// Subscribes to the events of `$all` that the filter wants.
  func subscribeToAll(_ filter: ServerFilter, resolveLinks: Bool) async throws -> VolatileSubscription {
    try await subscribe(
      by: FilteredSubscribeToStream(
        stream: StreamName(utf8: []), resolveLinks: resolveLinks, filter: filter,
        checkpointInterval: Self.checkpointInterval), to: nil)
  }

  /// Follows the events of `$all` that the filter wants, from the first after `position`: history, then live, each once and
  /// in order.
  ///
  /// The server chooses them where it can (20.6 and later), else they are chosen here.
  /// - Throws: `invalidArgument` for a filter that makes no sense, else as `catchUpAll`.
  package func catchUpAll(
    _ filter: AllFilter, after position: Position, resolveLinks: Bool, pageSize: Int
  ) async throws -> any EventFeed {
    let all = try allSource(resolveLinks: resolveLinks, pageSize: pageSize)
    let source = try FilteredCatchUpSource(all, store: self, filter: filter)
    return CatchUpFeed(source, after: try await place(after: position), start: .start)
  }
}
