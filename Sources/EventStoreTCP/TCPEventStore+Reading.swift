package import EventStoreCore

extension TCPEventStore {
  package func readAll(
    _ direction: ReadDirection, from position: Position, maximumCount: Int, resolveLinks: Bool
  ) async throws -> AllPage {
    throw EventStoreError(.clientClosed, "the connection is not made yet")
  }

  package func readStream(
    _ stream: StreamName, _ direction: ReadDirection, from number: EventNumber, maximumCount: Int, resolveLinks: Bool
  ) async throws -> StreamPage {
    throw EventStoreError(.clientClosed, "the connection is not made yet")
  }

  package func readEvent(_ stream: StreamName, number: EventNumber, resolveLinks: Bool) async throws -> EventLookup {
    throw EventStoreError(.clientClosed, "the connection is not made yet")
  }
}
