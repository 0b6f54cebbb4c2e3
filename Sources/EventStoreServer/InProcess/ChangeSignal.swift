import EventStoreCore

/// Wakes whoever waits for a change; a change that comes before the wait is not missed.
final class ChangeSignal: Sendable {
  private struct State {
    var hasChanged = false
    var isClosed = false
    var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
    var nextID = 0
  }

  private let state = Locked(State())

  /// Whether `close()` was called.
  var isClosed: Bool { state.withLock { $0.isClosed } }

  /// Something has changed.
  func change() {
    wake { $0.hasChanged = true }
  }

  /// Nothing will change any more; waits end at once from now on.
  func close() {
    wake { $0.isClosed = true }
  }

  /// Forgets the changes so far.
  func clear() {
    state.withLock { $0.hasChanged = false }
  }

  /// Returns after the first change since `clear()`, or when the task is cancelled.
  func wait() async {
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          if state.hasChanged || state.isClosed || Task.isCancelled { return true }
          state.waiters[id] = continuation
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
    }
  }

  private func wake(_ change: (inout State) -> Void) {
    let waiters = state.withLock { state in
      change(&state)
      defer { state.waiters = [:] }
      return Array(state.waiters.values)
    }
    for waiter in waiters { waiter.resume() }
  }
}
