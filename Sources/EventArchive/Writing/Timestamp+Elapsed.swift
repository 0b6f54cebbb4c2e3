internal import EventStoreCore

extension Timestamp {
  /// Whether at least `duration` has passed since `earlier`; also when the clock has been set back since.
  func hasPassed(_ duration: Duration, since earlier: Timestamp) -> Bool {
    let elapsed = ticks - earlier.ticks
    return elapsed < 0 || Duration.nanoseconds(elapsed * 100) >= duration
  }
}
