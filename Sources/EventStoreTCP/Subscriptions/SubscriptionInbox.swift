import EventStoreCore
import EventStoreWire
import NIOCore

/// Where the connection puts what a subscription gets, and where its consumer waits for it.
final class SubscriptionInbox<Buffer: InboxBuffer>: Sendable {
  private struct State {
    var buffer: Buffer
    var waiter: (id: UInt64, continuation: CheckedContinuation<Buffer.Delivery, any Error>)?
    var lastWaiter: UInt64 = 0
  }

  private let state: Locked<State>

  init(_ buffer: Buffer) {
    state = Locked(State(buffer: buffer))
  }

  /// Changes the buffer, and wakes the consumer when there is something for it.
  func change<Outcome, Failure: Error>(
    _ change: (inout Buffer) throws(Failure) -> Outcome
  ) throws(Failure) -> Outcome {
    var wake: (CheckedContinuation<Buffer.Delivery, any Error>, Buffer.Delivery)?
    let outcome = state.withLock { state -> Result<Outcome, Failure> in
      let outcome: Result<Outcome, Failure>
      do throws(Failure) { outcome = .success(try change(&state.buffer)) } catch { outcome = .failure(error) }
      guard let waiter = state.waiter else { return outcome }
      let delivery = state.buffer.taken()
      guard delivery != Buffer.nothing else { return outcome }
      state.waiter = nil
      wake = (waiter.continuation, delivery)
      return outcome
    }
    if let (continuation, delivery) = wake { continuation.resume(returning: delivery) }
    return try outcome.get()
  }

  /// What comes next; waits until there is something.
  /// - Throws: `CancellationError`; `invalidArgument` when another call waits already.
  func next() async throws -> Buffer.Delivery {
    let id = state.withLock { state in
      state.lastWaiter += 1
      return state.lastWaiter
    }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let outcome = state.withLock { state -> Result<Buffer.Delivery, any Error>? in
          if Task.isCancelled { return .failure(CancellationError()) }
          guard state.waiter == nil else {
            return .failure(EventStoreError(.invalidArgument, "a subscription has one consumer at a time"))
          }
          let delivery = state.buffer.taken()
          guard delivery == Buffer.nothing else { return .success(delivery) }
          state.waiter = (id, continuation)
          return nil
        }
        if let outcome { continuation.resume(with: outcome) }
      }
    } onCancel: {
      let waiting = state.withLock { state -> CheckedContinuation<Buffer.Delivery, any Error>? in
        guard let waiter = state.waiter, waiter.id == id else { return nil }
        state.waiter = nil
        return waiter.continuation
      }
      waiting?.resume(throwing: CancellationError())
    }
  }
}

extension SubscriptionInbox: SubscriptionReceiver {
  func confirmed(_ frame: Frame) throws {
    try change { buffer throws(any Error) in try buffer.confirmed(frame) }
  }

  func eventArrived(_ payload: ByteBuffer) { change { $0.eventArrived(payload) } }

  func connectionLost() { change { $0.connectionLost() } }

  func ended(_ error: EventStoreError?) { change { $0.ended(error) } }

  func acknowledgementDue() -> PersistentSubscriptionAckEvents? { change { $0.acknowledgementDue() } }
}
