import ArgumentParser

/// A time on the command line: `500ms`, `1s`, `90s`, `5m`, `1h`.
package struct DurationArgument: ExpressibleByArgument, Equatable, Sendable {
  /// The time; more than nothing.
  package let duration: Duration

  package init(_ duration: Duration) {
    self.duration = duration
  }

  package init?(argument: String) {
    let digits = argument.prefix { $0.isASCII && $0.isNumber }
    guard let count = Int64(digits), count > 0, count <= 1_000_000_000 else { return nil }
    switch argument.dropFirst(digits.count) {
    case "ms": duration = .milliseconds(count)
    case "s": duration = .seconds(count)
    case "m": duration = .seconds(count * 60)
    case "h": duration = .seconds(count * 3600)
    default: return nil
    }
  }

  package var defaultValueDescription: String {
    let milliseconds = Int64(duration / .milliseconds(1))
    if !milliseconds.isMultiple(of: 1000) { return "\(milliseconds)ms" }
    let seconds = milliseconds / 1000
    if seconds.isMultiple(of: 3600) { return "\(seconds / 3600)h" }
    return seconds.isMultiple(of: 60) ? "\(seconds / 60)m" : "\(seconds)s"
  }
}
