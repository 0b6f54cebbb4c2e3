package import EventStoreCore

extension TCPEventStore: EventReader {
  package func catchUpAll(after position: Position, resolveLinks: Bool, pageSize: Int) async throws -> any EventFeed {
    throw EventStoreError(.invalidArgument, "catch-up subscriptions are not there yet")
  }

  package func catchUp(
    _ stream: StreamName, after number: EventNumber?, resolveLinks: Bool, pageSize: Int
  ) async throws -> any EventFeed {
    throw EventStoreError(.invalidArgument, "catch-up subscriptions are not there yet")
  }
}
