import EventStoreCore
import EventStoreServer

/// A source that cannot give events of the type `Unreadable`: every answer that would hold one fails.
final class UnreadableSource: EventReader {
  static let type: EventType = "Unreadable"

  private let connection: LogConnection
  private let error: EventStoreError
  private let failureCount = Locked(0)

  init(_ log: EventLog, _ error: EventStoreError) {
    connection = LogConnection(log)
    self.error = error
  }

  /// How many answers failed.
  var failures: Int { failureCount.withLock { $0 } }

  private func check(_ events: [ResolvedEvent]) throws {
    guard events.contains(where: { $0.received?.type == Self.type }) else { return }
    failureCount.withLock { $0 += 1 }
    throw error
  }

  func readAll(
    _ direction: ReadDirection, from position: Position, maximumCount: Int, resolveLinks: Bool
  ) async throws -> AllPage {
    let page = try await connection.readAll(
      direction, from: position, maximumCount: maximumCount, resolveLinks: resolveLinks)
    try check(page.events)
    return page
  }

  func readStream(
    _ stream: StreamName, _ direction: ReadDirection, from number: EventNumber, maximumCount: Int, resolveLinks: Bool
  ) async throws -> StreamPage {
    let page = try await connection.readStream(
      stream, direction, from: number, maximumCount: maximumCount, resolveLinks: resolveLinks)
    try check(page.events)
    return page
  }

  func readEvent(_ stream: StreamName, number: EventNumber, resolveLinks: Bool) async throws -> EventLookup {
    let lookup = try await connection.readEvent(stream, number: number, resolveLinks: resolveLinks)
    if case .found(let event) = lookup { try check([event]) }
    return lookup
  }

  func catchUpAll(after position: Position, resolveLinks: Bool, pageSize: Int) async throws -> any EventFeed {
    Feed(
      base: try await connection.catchUpAll(after: position, resolveLinks: resolveLinks, pageSize: pageSize),
      source: self)
  }

  func catchUp(
    _ stream: StreamName, after number: EventNumber?, resolveLinks: Bool, pageSize: Int
  ) async throws -> any EventFeed {
    Feed(
      base: try await connection.catchUp(stream, after: number, resolveLinks: resolveLinks, pageSize: pageSize),
      source: self)
  }

  private struct Feed: EventFeed {
    let base: any EventFeed
    let source: UnreadableSource

    func next() async throws -> FeedBatch? {
      let batch = try await base.next()
      if let batch { try source.check(batch.events) }
      return batch
    }

    func close() async { await base.close() }
  }
}
