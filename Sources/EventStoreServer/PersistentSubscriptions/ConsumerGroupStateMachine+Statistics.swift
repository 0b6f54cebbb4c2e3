extension ConsumerGroupStateMachine {
  /// What the group has done and has to do; how fast it is, is measured since the last call.
  mutating func statistics(now: Duration) -> GroupStatistics {
    GroupStatistics(
      items: items.measure(now: now), checkpoint: checkpoint, lastRead: lastRead,
      nextOfHistory: source.nextOfHistory, isReplaying: replay.isActive, readAheadCount: fresh.count,
      retryCount: retries.count + unparked.count, consumers: consumers.statistics(now: now))
  }
}
