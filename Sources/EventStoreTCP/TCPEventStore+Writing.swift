package import EventStoreCore

extension TCPEventStore: EventWriter {
  package var limits: WriteLimits {
    get async { WriteLimits(maximumEventBytes: 16_767_216, maximumAppendBytes: 63 << 20, maximumAppendEvents: 4096) }
  }

  package func append(
    _ events: [ProposedEvent], to stream: StreamName, expected: ExpectedVersion
  ) async throws -> AppendResult {
    throw EventStoreError(.clientClosed, "the connection is not made yet")
  }

  package func delete(_ stream: StreamName, expected: ExpectedVersion, hard: Bool) async throws {
    throw EventStoreError(.clientClosed, "the connection is not made yet")
  }
}
