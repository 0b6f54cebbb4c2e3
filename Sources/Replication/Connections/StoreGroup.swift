package import EventStoreCore

/// Several connections to one server, used as one: the requests for a stream always go over the same connection.
///
/// So each stream's requests stay in order, and streams do not wait for each other on one socket. `$all` is the first one's.
package struct StoreGroup: EventReader, EventWriter {
  private let stores: [any EventReader & EventWriter]

  /// - Parameter stores: One or more connections to the same server.
  package init(_ stores: [any EventReader & EventWriter]) {
    precondition(!stores.isEmpty, "a group needs a connection")
    self.stores = stores
  }

  package var limits: WriteLimits { get async { await stores[0].limits } }

  /// The connection of a stream: by the FNV-1a hash of its name, the same in every run.
  private func store(of stream: StreamName) -> any EventReader & EventWriter {
    let hash = stream.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    return stores[Int(hash % UInt64(stores.count))]
  }

  package func append(
    _ events: [ProposedEvent], to stream: StreamName, expected: ExpectedVersion
  ) async throws -> AppendResult {
    try await store(of: stream).append(events, to: stream, expected: expected)
  }

  package func delete(_ stream: StreamName, expected: ExpectedVersion, hard: Bool) async throws {
    try await store(of: stream).delete(stream, expected: expected, hard: hard)
  }

  package func readAll(
    _ direction: ReadDirection, from position: Position, maximumCount: Int, resolveLinks: Bool
  ) async throws -> AllPage {
    try await stores[0].readAll(direction, from: position, maximumCount: maximumCount, resolveLinks: resolveLinks)
  }

  package func readStream(
    _ stream: StreamName, _ direction: ReadDirection, from number: EventNumber, maximumCount: Int, resolveLinks: Bool
  ) async throws -> StreamPage {
    try await store(of: stream).readStream(
      stream, direction, from: number, maximumCount: maximumCount, resolveLinks: resolveLinks)
  }

  package func readEvent(
    _ stream: StreamName, number: EventNumber, resolveLinks: Bool
  ) async throws -> EventLookup {
    try await store(of: stream).readEvent(stream, number: number, resolveLinks: resolveLinks)
  }

  package func catchUpAll(
    after position: Position, resolveLinks: Bool, pageSize: Int
  ) async throws -> any EventFeed {
    try await stores[0].catchUpAll(after: position, resolveLinks: resolveLinks, pageSize: pageSize)
  }

  package func catchUp(
    _ stream: StreamName, after number: EventNumber?, resolveLinks: Bool, pageSize: Int
  ) async throws -> any EventFeed {
    try await store(of: stream).catchUp(stream, after: number, resolveLinks: resolveLinks, pageSize: pageSize)
  }
}
