import EventStoreCore

/// Tells whoever watches how far a comparison has come.
final class CompareMonitor: Sendable {
  private let progress = Locked(CompareProgress())
  private let watch: @Sendable (CompareProgress) -> Void

  init(_ watch: @escaping @Sendable (CompareProgress) -> Void) {
    self.watch = watch
  }

  /// The run began with something else.
  ///
  /// - Parameter eventsLeft: How many events will be read from now on; nil where that was said before.
  func entered(_ phase: CompareProgress.Phase, eventsLeft: Int? = nil) {
    update {
      $0.phase = phase
      $0.position = nil
      if let eventsLeft { $0.totalEvents = $0.events + eventsLeft }
    }
  }

  /// Events were read, or need not be.
  func read(_ events: Int, upTo position: Position? = nil) {
    update {
      $0.events += events
      $0.position = position
    }
  }

  private func update(_ change: (inout CompareProgress) -> Void) {
    watch(
      progress.withLock { progress in
        change(&progress)
        return progress
      })
  }
}
