import EventStoreCore

/// A store that hands everything to another one; whoever conforms writes only the calls that it changes.
protocol ForwardingStore: EventReader, EventWriter {
  associatedtype Store: EventReader & EventWriter

  /// The other one.
  var store: Store { get }
}

extension ForwardingStore {
  var limits: WriteLimits { get async { await store.limits } }

  func append(
    _ events: [ProposedEvent], to stream: StreamName, expected: ExpectedVersion
  ) async throws -> AppendResult {
    try await store.append(events, to: stream, expected: expected)
  }

  func delete(_ stream: StreamName, expected: ExpectedVersion, hard: Bool) async throws {
    try await store.delete(stream, expected: expected, hard: hard)
  }

  func readAll(
    _ direction: ReadDirection, from position: Position, maximumCount: Int, resolveLinks: Bool
  ) async throws -> AllPage {
    try await store.readAll(direction, from: position, maximumCount: maximumCount, resolveLinks: resolveLinks)
  }

  func readStream(
    _ stream: StreamName, _ direction: ReadDirection, from number: EventNumber, maximumCount: Int, resolveLinks: Bool
  ) async throws -> StreamPage {
    try await store.readStream(
      stream, direction, from: number, maximumCount: maximumCount, resolveLinks: resolveLinks)
  }

  func readEvent(_ stream: StreamName, number: EventNumber, resolveLinks: Bool) async throws -> EventLookup {
    try await store.readEvent(stream, number: number, resolveLinks: resolveLinks)
  }

  func catchUpAll(after position: Position, resolveLinks: Bool, pageSize: Int) async throws -> any EventFeed {
    try await store.catchUpAll(after: position, resolveLinks: resolveLinks, pageSize: pageSize)
  }

  func catchUp(
    _ stream: StreamName, after number: EventNumber?, resolveLinks: Bool, pageSize: Int
  ) async throws -> any EventFeed {
    try await store.catchUp(stream, after: number, resolveLinks: resolveLinks, pageSize: pageSize)
  }
}
