public import EventStoreCore
internal import EventStoreTCP

extension EventStoreClient {
  /// Subscribes to what is written from now on; nil is `$all`.
  ///
  /// Returns when the server has confirmed. A stream need not exist. Nothing of the past is given. What a lost connection or
  /// a slow consumer costs is told as a gap; or, with `fillingGaps`, read from the server, so that each event comes once and in
  /// order.
  ///
  /// ```swift
  /// for try await element in try await client.subscribe(to: "orders") {
  ///   switch element {
  ///   case .events(let events): print(events.count, "new events")
  ///   case .gap: print("some may be missing here")
  ///   }
  /// }
  /// ```
  /// - Throws: `accessDenied`, and those of the connection; with `fillingGaps` also `streamDeleted`.
  public func subscribe(
    to stream: StreamName?, resolveLinks: Bool = false, fillingGaps: Bool = false
  ) async throws -> LiveSubscription {
    guard fillingGaps else {
      return LiveSubscription(try await tcp.subscribe(to: stream, resolveLinks: resolveLinks))
    }
    guard let stream else {
      return LiveSubscription(try await tcp.catchUpAll(after: .end, resolveLinks: resolveLinks, pageSize: 500))
    }
    let last = try await tcp.readStream(stream, .backward, from: .streamEnd, maximumCount: 1, resolveLinks: false)
    if last.status == .deleted { throw EventStoreError(.streamDeleted, "stream \(stream) is deleted", stream: stream) }
    return LiveSubscription(
      try await tcp.catchUp(
        stream, after: last.lastEventNumber < 0 ? nil : last.lastEventNumber, resolveLinks: resolveLinks, pageSize: 500)
    )
  }
}

/// What is written to a stream or to `$all` from now on, for one consumer.
public struct LiveSubscription: AsyncSequence, Sendable {
  /// What a subscription tells.
  public enum Element: Hashable, Sendable {
    /// Events, in order; never empty.
    case events([ResolvedEvent])
    /// Events may be missing between what came before and what comes next.
    case gap
  }

  private let source: Source

  fileprivate enum Source: Sendable {
    /// Gaps are told.
    case telling(VolatileSubscription)
    /// Gaps are filled.
    case filling(any EventFeed)
  }

  init(_ subscription: VolatileSubscription) {
    source = .telling(subscription)
  }

  init(_ feed: any EventFeed) {
    source = .filling(feed)
  }

  /// Ends the subscription: the sequence ends too; a second call is harmless.
  public func close() async {
    switch source {
    case .telling(let subscription): await subscription.close()
    case .filling(let feed): await feed.close()
    }
  }

  public func makeAsyncIterator() -> Iterator {
    Iterator(source: source)
  }

  /// Gives what the subscription tells, in order.
  public struct Iterator: AsyncIteratorProtocol {
    private let source: Source

    fileprivate init(source: Source) {
      self.source = source
    }

    /// The next element, as soon as there is one; nil after `close()`.
    /// - Throws: `EventStoreError` when the subscription has ended for good.
    public mutating func next() async throws -> Element? {
      switch source {
      case .telling(let subscription):
        while let signal = try await subscription.next() {
          switch signal {
          case .confirmed: continue
          case .events(let events): return .events(events)
          case .gap: return .gap
          }
        }
      case .filling(let feed):
        while let batch = try await feed.next() {
          if !batch.events.isEmpty { return .events(batch.events) }
        }
      }
      return nil
    }
  }
}
