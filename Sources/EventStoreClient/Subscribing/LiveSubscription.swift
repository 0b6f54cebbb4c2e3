public import EventStoreCore
internal import EventStoreTCP

extension EventStoreClient {
  /// Subscribes to what is written to a stream from now on.
  ///
  /// Returns when the server has confirmed. The stream need not exist. Nothing of the past is given. What a lost connection
  /// or a slow consumer costs is told as a gap; or, with `fillingGaps`, read from the server, so that each event comes once
  /// and in order.
  ///
  /// ```swift
  /// for try await element in try await client.subscribe(to: "ponies") {
  ///   switch element {
  ///   case .event(let event): print(event.number, event.type)
  ///   case .gap: print("some may be missing here")
  ///   }
  /// }
  /// ```
  /// - Throws: `accessDenied`, `invalidArgument`, and those of the connection; with `fillingGaps` also `streamDeleted`.
  public func subscribe(
    to stream: StreamName, resolveLinks: Bool = false, fillingGaps: Bool = false
  ) async throws -> LiveSubscription {
    guard fillingGaps else {
      return LiveSubscription(try await tcp.subscribe(to: stream, resolveLinks: resolveLinks))
    }
    let last = try await lastNumber(of: stream)
    return LiveSubscription(
      try await tcp.catchUp(stream, after: last >= 0 ? last : nil, resolveLinks: resolveLinks, pageSize: 500))
  }

  /// Subscribes to everything that is written from now on, as `subscribe(to:)` does.
  ///
  /// ```swift
  /// for try await case .event(let event) in try await client.subscribeToAll() { print(event.stream, event.number) }
  /// ```
  /// - Throws: `accessDenied` for users who are no administrators, and those of the connection.
  public func subscribeToAll(resolveLinks: Bool = false, fillingGaps: Bool = false) async throws -> LiveSubscription {
    guard fillingGaps else { return LiveSubscription(try await tcp.subscribe(to: nil, resolveLinks: resolveLinks)) }
    return LiveSubscription(try await tcp.catchUpAll(after: .end, resolveLinks: resolveLinks, pageSize: 500))
  }
}

/// What is written to a stream or to `$all` from now on, for one consumer, who may leave the loop and come back.
public struct LiveSubscription: AsyncSequence, Sendable {
  /// What a subscription tells.
  public enum Element: Hashable, Sendable {
    /// An event.
    case event(Event)
    /// Events may be missing between what came before and what comes next.
    case gap
  }

  private let source: Source
  private let fetched = FetchedEvents()

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
    fetched.close()
    switch source {
    case .telling(let subscription): await subscription.close()
    case .filling(let feed): await feed.close()
    }
  }

  public func makeAsyncIterator() -> Iterator {
    Iterator(source: source, fetched: fetched)
  }

  /// Gives what the subscription tells, in order.
  public struct Iterator: AsyncIteratorProtocol {
    private let source: Source
    private let fetched: FetchedEvents

    fileprivate init(source: Source, fetched: FetchedEvents) {
      self.source = source
      self.fetched = fetched
    }

    /// The next element, as soon as there is one; nil after `close()`.
    /// - Throws: `EventStoreError` when the subscription has ended for good, `CancellationError`.
    public mutating func next() async throws -> Element? {
      while true {
        switch fetched.next() {
        case .event(let event): return .event(event)
        case .end: return nil
        case .nothing: break
        }
        switch try await nextSignal() {
        case nil: return nil
        case .confirmed: continue
        case .gap: return .gap
        case .events(let events): fetched.fetched(events)
        }
      }
    }

    private func nextSignal() async throws -> SubscriptionSignal? {
      switch source {
      case .telling(let subscription): try await subscription.next()
      case .filling(let feed): try await feed.next().map { .events($0.events) }
      }
    }
  }
}
