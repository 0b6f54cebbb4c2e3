public import EventStoreCore
internal import EventStoreTCP

extension EventStoreClient {
  /// Subscribes to what is written from now on; nil is `$all`.
  ///
  /// Returns when the server has confirmed. A stream need not exist. Nothing of the past is given, and what a lost connection
  /// or a slow consumer costs is told as a gap; `catchUp` misses nothing.
  /// - Throws: `accessDenied`, and those of the connection.
  public func subscribe(to stream: StreamName?, resolveLinks: Bool = false) async throws -> LiveSubscription {
    LiveSubscription(try await tcp.subscribe(to: stream, resolveLinks: resolveLinks))
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

  private let subscription: VolatileSubscription

  init(_ subscription: VolatileSubscription) {
    self.subscription = subscription
  }

  /// Ends the subscription: the sequence ends too; a second call is harmless.
  public func close() async {
    await subscription.close()
  }

  public func makeAsyncIterator() -> Iterator {
    Iterator(subscription: subscription)
  }

  /// Gives what the subscription tells, in order.
  public struct Iterator: AsyncIteratorProtocol {
    private let subscription: VolatileSubscription

    init(subscription: VolatileSubscription) {
      self.subscription = subscription
    }

    /// The next element, as soon as there is one; nil after `close()`.
    /// - Throws: `EventStoreError` when the subscription has ended for good.
    public mutating func next() async throws -> Element? {
      while let signal = try await subscription.next() {
        switch signal {
        case .confirmed: continue
        case .events(let events): return .events(events)
        case .gap: return .gap
        }
      }
      return nil
    }
  }
}
