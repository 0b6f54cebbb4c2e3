/// Counts what was sent, and how fast that was since somebody last looked.
struct ItemCounter {
  /// What a look found.
  struct Measurement: Hashable, Sendable {
    /// All that was counted.
    var total: Int
    /// How many of them since the look before.
    var sinceLastMeasurement: Int
    /// How many a second that was, rounded.
    var perSecond: Int
  }

  private var total = 0
  private var measuredTotal = 0
  private var measuredTime: Duration

  init(now: Duration) {
    measuredTime = now
  }

  mutating func add() {
    total += 1
  }

  /// Looks, and begins anew to measure.
  mutating func measure(now: Duration) -> Measurement {
    let count = total - measuredTotal
    let seconds = (now - measuredTime) / .seconds(1)
    (measuredTotal, measuredTime) = (total, now)
    let perSecond = seconds > 0 ? Int((Double(count) / seconds).rounded()) : 0
    return Measurement(total: total, sinceLastMeasurement: count, perSecond: perSecond)
  }
}
