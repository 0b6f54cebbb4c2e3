import EventStoreCore
import EventStoreWire

/// The events of `$all` that a filter wants, for a catch-up feed: chosen by the server where it can, else here.
///
/// Servers before 20.6 do not know filters, and say so by a `BadRequest`, at first or when the client has moved to one; from
/// then on all events are read.
struct FilteredCatchUpSource: CatchUpSource {
  private let all: AllCatchUpSource
  private let store: TCPEventStore
  private let filter: AllFilter
  private let selector: AllFilterSelector
  private let serverFilters = Locked(true)

  /// - Parameter all: the same without a filter.
  /// - Throws: `invalidArgument` for a filter that makes no sense.
  init(_ all: AllCatchUpSource, store: TCPEventStore, filter: AllFilter) throws(EventStoreError) {
    self.all = all
    self.store = store
    self.filter = filter
    selector = try AllFilterSelector(filter)
  }

  var stream: StreamName? { nil }

  func readHistory(from place: Position) async throws -> HistoryPage<Position> {
    if serverFilters.withLock({ $0 }) {
      do {
        return try await readFiltered(from: place)
      } catch let error as EventStoreError where error.code == .badRequest {
        serverFilters.withLock { $0 = false }
      }
    }
    var page = try await all.readHistory(from: place)
    page.events.removeAll { !selector.takes($0.event) }
    return page
  }

  private func readFiltered(from place: Position) async throws -> HistoryPage<Position> {
    let page = try await store.readAllForward(
      ServerFilter(filter), from: place, maximumCount: all.pageSize, resolveLinks: all.resolveLinks)
    return HistoryPage(events: try placed(page.events), next: page.nextPosition, isAtEnd: page.isAtEnd)
  }

  func subscribe() async throws -> any SignalSource {
    guard serverFilters.withLock({ $0 }) else { return try await all.subscribe() }
    let filtered: VolatileSubscription
    do {
      filtered = try await store.subscribeToAll(ServerFilter(filter), resolveLinks: all.resolveLinks)
    } catch let error as EventStoreError where error.code == .badRequest {
      return try await subscribeToAll()
    }
    return FilteredSubscription(filtered) { try await subscribeToAll() }
  }

  private func subscribeToAll() async throws -> any SignalSource {
    serverFilters.withLock { $0 = false }
    return try await all.subscribe()
  }

  func wants(_ event: ResolvedEvent) -> Bool {
    serverFilters.withLock { $0 } || selector.takes(event)
  }

  func place(of event: ResolvedEvent) -> Position? {
    all.place(of: event)
  }

  func confirmation(_ start: SubscriptionStart) -> CatchUpStateMachine<Position>.Confirmation {
    all.confirmation(start)
  }
}

extension ServerFilter {
  /// As a server is told it.
  fileprivate init(_ filter: AllFilter) {
    let subject: Subject =
      switch filter.subject {
      case .streamName: .streamName
      case .eventType: .eventType
      }
    switch filter.condition {
    case .prefixes(let prefixes): self.init(subject: subject, kind: .prefixes, patterns: prefixes)
    case .regularExpression(let text): self.init(subject: subject, kind: .regularExpression, patterns: [text])
    }
  }
}
