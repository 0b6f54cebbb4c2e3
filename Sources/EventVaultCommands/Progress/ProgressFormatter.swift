/// Puts a moment of a run into words, or into a line of JSON.
package struct ProgressFormatter: Sendable {
  /// What is going on, as the user called it: `backup`, `restore`, `verify`.
  private let verb: String
  private let isFollowing: Bool

  package init(verb: String, isFollowing: Bool = false) {
    self.verb = verb
    self.isFollowing = isFollowing
  }

  /// `backup  120,000 events  8,400/s  at 1048576/1048576  37%  12 s left`.
  ///
  /// A follower that is live shows its lag in place of percent and time left.
  package func line(_ sample: ProgressSample) -> String {
    let reading = sample.reading
    var parts = [
      verb, QuantityText.counted(reading.events, "event"),
      QuantityText.count(Int64(sample.eventsPerSecond.rounded())) + "/s",
    ]
    if let position = reading.position { parts.append("at \(position)") }
    if let percent = percent(reading) { parts.append("\(percent)%") }
    if let left = timeLeft(sample) { parts.append("\(QuantityText.duration(left)) left") }
    if isFollowing {
      if reading.isLive { parts.append("live") }
      if let lag = reading.lagBytes { parts.append("lag \(QuantityText.bytes(lag))") }
    }
    return parts.joined(separator: "  ")
  }

  /// The line of docs/CLI.md, "Progress".
  package func json(_ sample: ProgressSample) -> JSONValue {
    let reading = sample.reading
    var fields: JSONFields = [
      ("kind", "progress"), ("version", 1), ("command", .string(verb)), ("events", .integer(Int64(reading.events))),
      ("eventsPerSecond", .decimal(sample.eventsPerSecond)), ("elapsedSeconds", JSONValue(seconds: sample.elapsed)),
    ]
    if let position = reading.position { fields.append(("position", JSONValue(position))) }
    if let percent = percent(reading) { fields.append(("percent", .integer(Int64(percent)))) }
    if let left = timeLeft(sample) { fields.append(("secondsLeft", JSONValue(seconds: left))) }
    if isFollowing {
      fields.append(("live", .bool(reading.isLive)))
      if let lag = reading.lagBytes { fields.append(("lagBytes", .integer(lag))) }
    }
    return .object(fields)
  }

  /// A follower that is live has no end to measure against.
  private func hasEnd(_ reading: ProgressReading) -> Bool { !(isFollowing && reading.isLive) }

  private func timeLeft(_ sample: ProgressSample) -> Duration? {
    hasEnd(sample.reading) ? sample.timeLeft : nil
  }

  /// Whole percents, rounded down: 100 only when all is done.
  private func percent(_ reading: ProgressReading) -> Int? {
    guard let fraction = reading.fraction, hasEnd(reading) else { return nil }
    return Int((min(max(fraction, 0), 1) * 100).rounded(.down))
  }
}
