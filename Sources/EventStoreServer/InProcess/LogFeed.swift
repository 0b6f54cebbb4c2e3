import EventStoreCore

/// Follows a log page by page: nothing is buffered, and a change only says that reading on may give something.
actor LogFeed: EventFeed {
  /// Where a feed has come to.
  enum Cursor {
    /// Events of `$all` after `after`, read from `next` on.
    case all(after: Position, next: Position)
    /// Events of a stream from number `next` on.
    case stream(StreamName, next: EventNumber)
  }

  private let connection: LogConnection
  private let log: EventLog
  private let principal: Principal?
  private let resolveLinks: Bool
  private let pageSize: Int
  private let signal = ChangeSignal()
  private let observation: EventLog.Observation
  private var cursor: Cursor
  private var isLive = false
  private var failure: EventStoreError?

  init(
    _ connection: LogConnection, log: EventLog, as principal: Principal?, from cursor: Cursor, resolveLinks: Bool,
    pageSize: Int
  ) {
    self.connection = connection
    self.log = log
    self.principal = principal
    self.cursor = cursor
    self.resolveLinks = resolveLinks
    self.pageSize = pageSize
    observation = log.observe { [signal] in signal.change() }
  }

  deinit {
    log.stopObserving(observation)
  }

  func next() async throws -> FeedBatch? {
    while true {
      if signal.isClosed { return nil }
      try Task.checkCancellation()
      if let failure { throw failure }
      signal.clear()
      do {
        try connection.batchRequested()
        if let batch = try readOn() { return batch }
      } catch let error as EventStoreError {
        failure = error
        log.stopObserving(observation)
        throw error
      }
      await signal.wait()
    }
  }

  func close() {
    log.stopObserving(observation)
    signal.close()
  }

  /// The next events, or the news that there are no more; nil when there is nothing to tell.
  private func readOn() throws -> FeedBatch? {
    while true {
      let (events, isAtEnd) = try readPage()
      if !events.isEmpty || isAtEnd && !isLive {
        isLive = isAtEnd
        return FeedBatch(events: events, isLive: isAtEnd)
      }
      if isAtEnd { return nil }
    }
  }

  private func readPage() throws -> (events: [ResolvedEvent], isAtEnd: Bool) {
    switch cursor {
    case .all(let after, let next):
      let page = try log.readAll(
        .forward, from: next, maximumCount: pageSize, resolveLinks: resolveLinks, by: principal
      ).outcome.page(of: nil, position: next)
      cursor = .all(after: after, next: page.nextPosition)
      // The read includes the event that the position names.
      let events = page.events.filter { $0.position.map { $0 > after } ?? true }
      return (events, page.events.count < pageSize)
    case .stream(let stream, let next):
      let page = try log.readStream(
        stream, .forward, from: next, maximumCount: pageSize, resolveLinks: resolveLinks, by: principal
      ).outcome.page(of: stream, position: nil)
      switch page.status {
      case .found:
        cursor = .stream(stream, next: max(next, page.nextEventNumber))
        return (page.events, page.isEndOfStream)
      case .noStream: return ([], true)
      case .deleted: throw EventStoreError(.streamDeleted, "stream \(stream) is deleted", stream: stream)
      }
    }
  }
}
