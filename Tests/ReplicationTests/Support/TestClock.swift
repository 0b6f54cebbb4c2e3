import EventStoreCore

/// A clock that goes on only when a test says so, or, up to a limit, by being slept on.
///
/// Short sleeps, as between retries, end at once and put the clock on by their length. Longer ones, as the limits of waits,
/// last until the clock has come so far.
final class TestClock: Clock, Sendable {
  struct Instant: InstantProtocol {
    var time: Duration

    func advanced(by duration: Duration) -> Instant { Instant(time: time + duration) }
    func duration(to other: Instant) -> Duration { other.time - time }
    static func < (left: Instant, right: Instant) -> Bool { left.time < right.time }
  }

  private struct State {
    var now = Duration.zero
    var nextID = 0
    var sleepers: [Int: (deadline: Duration, continuation: CheckedContinuation<Void, any Error>)] = [:]

    mutating func takeDue() -> [CheckedContinuation<Void, any Error>] {
      let due = sleepers.filter { $0.value.deadline <= now }
      for id in due.keys { sleepers[id] = nil }
      return due.values.map(\.continuation)
    }
  }

  private let state = Locked(State())
  private let shortest: Duration

  /// - Parameter skipping: Sleeps shorter than this end at once.
  init(skipping shortest: Duration = .zero) {
    self.shortest = shortest
  }

  var now: Instant { Instant(time: state.withLock { $0.now }) }
  var minimumResolution: Duration { .nanoseconds(1) }

  /// The time that has passed.
  var elapsed: Duration { now.time }

  /// Whether somebody waits for the clock to go on by at least `duration`.
  func isSleptOn(for duration: Duration) -> Bool {
    state.withLock { state in state.sleepers.values.contains { $0.deadline - state.now >= duration } }
  }

  /// Puts the clock on, and wakes whoever waited for that.
  func advance(by duration: Duration) {
    let due = state.withLock { state in
      state.now += duration
      return state.takeDue()
    }
    for continuation in due { continuation.resume() }
  }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    try Task.checkCancellation()
    let left = deadline.time - elapsed
    if left < shortest {
      if left > .zero { advance(by: left) }
      await Task.yield()
      return
    }
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let isOver = state.withLock { state in
          guard deadline.time > state.now, !Task.isCancelled else { return true }
          state.sleepers[id] = (deadline.time, continuation)
          return false
        }
        if isOver { continuation.resume(with: Result { try Task.checkCancellation() }) }
      }
    } onCancel: {
      state.withLock { $0.sleepers.removeValue(forKey: id) }?.continuation.resume(throwing: CancellationError())
    }
  }
}
