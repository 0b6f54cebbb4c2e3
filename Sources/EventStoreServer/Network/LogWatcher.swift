import NIOCore
import Synchronization

/// Wakes a handler on its own event loop when the log has grown, however often it grows in between.
///
/// The log tells its observers on the thread that wrote. Whatever the pace of writing, at most one wake-up is under way
/// for a connection, and nothing but the fact is handed over: the handler reads the events from the log itself.
final class LogWatcher: Sendable {
  private let isWaking = Atomic(false)
  private let eventLoop: any EventLoop
  private let wake: NIOLoopBound<() -> Void>

  /// - Parameter wake: called on `eventLoop`, which must be the current one here.
  init(eventLoop: any EventLoop, wake: @escaping () -> Void) {
    self.eventLoop = eventLoop
    self.wake = NIOLoopBound(wake, eventLoop: eventLoop)
  }

  /// The log has grown; called on any thread.
  func logGrew() {
    guard !isWaking.exchange(true, ordering: .acquiringAndReleasing) else { return }
    eventLoop.execute {
      // Before the look at the log: what is written after it wakes again.
      self.isWaking.store(false, ordering: .releasing)
      self.wake.value()
    }
  }
}
