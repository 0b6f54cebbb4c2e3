/// Makes of readings what people want to know: the rate, and the time left.
package struct ProgressMeter: Sendable {
  /// How much of the past the rate is taken from.
  private static let window = Duration.seconds(10)

  private struct Mark {
    var elapsed: Duration
    var events: Int
    var fraction: Double?
  }

  private var marks: [Mark] = []

  package init() {}

  /// Takes a reading.
  /// - Parameter elapsed: The time since the run began; never less than before.
  package mutating func read(_ reading: ProgressReading, elapsed: Duration) -> ProgressSample {
    if marks.isEmpty { marks.append(Mark(elapsed: .zero, events: 0, fraction: reading.fraction.map { _ in 0 })) }
    marks.append(Mark(elapsed: elapsed, events: reading.events, fraction: reading.fraction))
    // One mark older than the window stays, so that the rate always spans it.
    while marks.count > 2, marks[1].elapsed <= elapsed - Self.window { marks.removeFirst() }
    return ProgressSample(
      reading: reading, elapsed: elapsed, eventsPerSecond: eventsPerSecond, timeLeft: timeLeft)
  }

  private var span: Double {
    guard let first = marks.first, let last = marks.last else { return 0 }
    return (last.elapsed - first.elapsed) / .seconds(1)
  }

  private var eventsPerSecond: Double {
    guard let first = marks.first, let last = marks.last, span > 0 else { return 0 }
    return Double(last.events - first.events) / span
  }

  private var timeLeft: Duration? {
    guard let first = marks.first?.fraction, let last = marks.last?.fraction, last > first, span > 0 else { return nil }
    return .seconds((1 - last) / (last - first) * span)
  }
}
