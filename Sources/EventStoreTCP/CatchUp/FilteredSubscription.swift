import EventStoreCore

/// A live subscription with a filter that goes on without one when it comes to a node that knows no filters.
///
/// In a cluster of mixed versions that happens when another node leads. What was missed meanwhile is told as a gap, as after
/// any lost connection, and has to be read.
final class FilteredSubscription: SignalSource {
  private enum State {
    case filtered(any SignalSource)
    case plain(any SignalSource)
    case closed
  }

  private let state: Locked<State>
  private let subscribeToAll: @Sendable () async throws -> any SignalSource

  /// - Parameter subscribeToAll: subscribes without a filter.
  init(_ filtered: any SignalSource, subscribeToAll: @escaping @Sendable () async throws -> any SignalSource) {
    state = Locked(.filtered(filtered))
    self.subscribeToAll = subscribeToAll
  }

  func next() async throws -> SubscriptionSignal? {
    switch state.withLock({ $0 }) {
    case .closed: return nil
    case .plain(let subscription): return try await subscription.next()
    case .filtered(let subscription):
      do {
        return try await subscription.next()
      } catch let error as EventStoreError where error.code == .badRequest {
        return try await goOnWithoutFilter()
      }
    }
  }

  func close() async {
    let last = state.withLock { state in
      defer { state = .closed }
      return state
    }
    switch last {
    case .filtered(let subscription), .plain(let subscription): await subscription.close()
    case .closed: break
    }
  }

  private func goOnWithoutFilter() async throws -> SubscriptionSignal? {
    let plain = try await subscribeToAll()
    let isClosed = state.withLock { state in
      if case .closed = state { return true }
      state = .plain(plain)
      return false
    }
    guard isClosed else { return .gap(.connectionLost) }
    await plain.close()
    return nil
  }
}
