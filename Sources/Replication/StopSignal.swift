import EventStoreCore

/// A request to end a run early and cleanly: it finishes what is in its hands, records it, and returns.
///
/// Can be given from any thread, also before the run begins; it cannot be taken back.
package final class StopSignal: Sendable {
  private struct State {
    var isStopped = false
    var nextWaiter = 0
    var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
  }

  private let state = Locked(State())

  package init() {}

  /// Whether the request was given.
  package var isStopped: Bool { state.withLock { $0.isStopped } }

  /// Gives the request; a second time changes nothing.
  package func stop() {
    let waiters = state.withLock { state in
      state.isStopped = true
      defer { state.waiters = [:] }
      return Array(state.waiters.values)
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Waits until the request is given, or the calling task is cancelled.
  package func wait() async {
    let number = state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          // Cancelled before it could wait: the handler has run already and found nobody.
          guard !state.isStopped, !Task.isCancelled else { return true }
          state.waiters[number] = continuation
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiters.removeValue(forKey: number) }?.resume()
    }
  }
}
