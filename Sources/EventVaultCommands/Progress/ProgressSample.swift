/// One moment of a run.
package struct ProgressSample: Equatable, Sendable {
  /// What the run knows.
  package var reading: ProgressReading
  /// The time since the run began.
  package var elapsed: Duration
  /// Events per second over the last seconds.
  package var eventsPerSecond: Double
  /// The time that the rest will take at the present rate; nil when that is not known.
  package var timeLeft: Duration?

  package init(reading: ProgressReading, elapsed: Duration, eventsPerSecond: Double, timeLeft: Duration?) {
    self.reading = reading
    self.elapsed = elapsed
    self.eventsPerSecond = eventsPerSecond
    self.timeLeft = timeLeft
  }
}
