import EventStoreCore

/// The continuous clock, for sleeps that are nearly always cancelled: the limits of waits.
///
/// A cancelled sleep of the system's clock keeps its timer, and the memory for it, until the time that it was to end at. With
/// thousands of calls a second, each limited to minutes, that is more memory than all else. Here all sleeps share a timer.
package final class LimitClock: Clock, Sendable {
  package typealias Instant = ContinuousClock.Instant

  private struct State {
    var nextID = 0
    var sleepers: [Int: (deadline: Instant, continuation: CheckedContinuation<Void, any Error>)] = [:]
    /// When the timer goes off next; nil when there is none.
    var alarm: Instant?

    /// Those whose time has come.
    mutating func takeDue(at now: Instant) -> [CheckedContinuation<Void, any Error>] {
      let due = sleepers.filter { $0.value.deadline <= now }
      for id in due.keys { sleepers[id] = nil }
      return due.values.map(\.continuation)
    }
  }

  private let state = Locked(State())

  package init() {}

  package var now: Instant { .now }
  package var minimumResolution: Duration { ContinuousClock().minimumResolution }

  /// Waits until the deadline.
  /// - Throws: `CancellationError`.
  package func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let isCancelled = state.withLock { state in
          // Cancelled before it could wait: the handler has run already and found nobody.
          guard !Task.isCancelled else { return true }
          state.sleepers[id] = (deadline, continuation)
          return false
        }
        if isCancelled { continuation.resume(throwing: CancellationError()) }
        setAlarm(for: deadline)
      }
    } onCancel: {
      state.withLock { $0.sleepers.removeValue(forKey: id) }?.continuation.resume(throwing: CancellationError())
    }
  }

  /// Makes the timer go off no later than at `time`.
  private func setAlarm(for time: Instant) {
    let isNeeded = state.withLock { state in
      if let alarm = state.alarm, alarm <= time { return false }
      state.alarm = time
      return true
    }
    guard isNeeded else { return }
    Task { [weak self] in
      // Nobody cancels it.
      try? await ContinuousClock().sleep(until: time)
      self?.alarmWentOff(time)
    }
  }

  private func alarmWentOff(_ time: Instant) {
    let (due, next) = state.withLock { state in
      // One that was set for a later time goes off all the same; whatever is due then is due.
      if state.alarm == time { state.alarm = nil }
      let due = state.takeDue(at: .now)
      return (due, state.sleepers.values.map(\.deadline).min())
    }
    for continuation in due { continuation.resume() }
    if let next { setAlarm(for: next) }
  }
}
