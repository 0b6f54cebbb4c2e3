import EventStoreCore
import NIOCore

/// Where the connection puts what a subscription gets, and where its consumer waits for it.
final class SubscriptionInbox: Sendable {
  private struct State {
    var buffer: SubscriptionBuffer
    var waiter: (id: UInt64, continuation: CheckedContinuation<SubscriptionBuffer.Delivery, any Error>)?
    var lastWaiter: UInt64 = 0
  }

  private let state: Locked<State>

  init(maximumEvents: Int, maximumBytes: Int) {
    state = Locked(State(buffer: SubscriptionBuffer(maximumEvents: maximumEvents, maximumBytes: maximumBytes)))
  }

  /// Changes the buffer, and wakes the consumer when there is something for it.
  func update(_ change: (inout SubscriptionBuffer) -> Void) {
    let wake = state.withLock {
      state -> (CheckedContinuation<SubscriptionBuffer.Delivery, any Error>, SubscriptionBuffer.Delivery)? in
      change(&state.buffer)
      guard let waiter = state.waiter else { return nil }
      let delivery = state.buffer.taken()
      guard delivery != .nothing else { return nil }
      state.waiter = nil
      return (waiter.continuation, delivery)
    }
    if let (continuation, delivery) = wake { continuation.resume(returning: delivery) }
  }

  /// What comes next; waits until there is something.
  /// - Throws: `CancellationError`; `invalidArgument` when another call waits already.
  func next() async throws -> SubscriptionBuffer.Delivery {
    let id = state.withLock { state in
      state.lastWaiter += 1
      return state.lastWaiter
    }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let outcome = state.withLock { state -> Result<SubscriptionBuffer.Delivery, any Error>? in
          if Task.isCancelled { return .failure(CancellationError()) }
          guard state.waiter == nil else {
            return .failure(EventStoreError(.invalidArgument, "a subscription has one consumer at a time"))
          }
          let delivery = state.buffer.taken()
          guard delivery == .nothing else { return .success(delivery) }
          state.waiter = (id, continuation)
          return nil
        }
        if let outcome { continuation.resume(with: outcome) }
      }
    } onCancel: {
      let waiting = state.withLock { state -> CheckedContinuation<SubscriptionBuffer.Delivery, any Error>? in
        guard let waiter = state.waiter, waiter.id == id else { return nil }
        state.waiter = nil
        return waiter.continuation
      }
      waiting?.resume(throwing: CancellationError())
    }
  }
}
