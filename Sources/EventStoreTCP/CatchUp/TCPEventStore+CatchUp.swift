package import EventStoreCore

extension TCPEventStore: EventReader {
  package func catchUpAll(after position: Position, resolveLinks: Bool, pageSize: Int) async throws -> any EventFeed {
    let source = try allSource(resolveLinks: resolveLinks, pageSize: pageSize)
    return CatchUpFeed(source, after: try await place(after: position), start: .start)
  }

  /// `$all`, for a feed.
  func allSource(resolveLinks: Bool, pageSize: Int) throws(EventStoreError) -> AllCatchUpSource {
    try Self.check(pageSize)
    return AllCatchUpSource(
      reader: self, resolveLinks: resolveLinks, pageSize: pageSize
    ) { try await self.subscribe(to: nil, resolveLinks: resolveLinks) }
  }

  /// The place of the last event that a feed of `$all` does not give; nil for none.
  func place(after position: Position) async throws -> Position? {
    let after = position == .end ? try await lastPosition() ?? .start : position
    return after == .start ? nil : after
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
