package import EventStoreCore

extension TCPEventStore: EventReader {
  package func catchUpAll(after position: Position, resolveLinks: Bool, pageSize: Int) async throws -> any EventFeed {
    try Self.check(pageSize)
    let source = AllCatchUpSource(
      reader: self, resolveLinks: resolveLinks, pageSize: pageSize
    ) { try await self.subscribe(to: nil, resolveLinks: resolveLinks) }
    let after = position == .end ? try await lastPosition() ?? .start : position
    return CatchUpFeed(source, after: after == .start ? nil : after, start: .start)
  }

  package func catchUp(
    _ stream: StreamName, after number: EventNumber?, resolveLinks: Bool, pageSize: Int
  ) async throws -> any EventFeed {
    try Self.check(pageSize)
    let source = StreamCatchUpSource(
      reader: self, name: stream, resolveLinks: resolveLinks, pageSize: pageSize
    ) { try await self.subscribe(to: stream, resolveLinks: resolveLinks) }
    return CatchUpFeed(source, after: number, start: 0)
  }

  private static func check(_ pageSize: Int) throws(EventStoreError) {
    guard (1...PageSizing.largestPage).contains(pageSize) else {
      throw EventStoreError(
        .invalidArgument, "a page has 1 to \(PageSizing.largestPage) events, not \(pageSize)")
    }
  }
}
