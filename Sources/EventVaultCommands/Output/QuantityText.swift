/// Numbers, sizes and times for people; always the same, whatever the locale.
package enum QuantityText {
  /// Digits in groups of three: `12,345,678`.
  package static func count(_ value: some BinaryInteger) -> String {
    let digits = String(value.magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text += "," }
      text.append(digit)
    }
    return value < 0 ? "-" + text : text
  }

  /// At most `places` decimals, without trailing zeros.
  package static func decimal(_ value: Double, places: Int) -> String {
    let scale = (0..<places).reduce(1.0) { power, _ in power * 10 }
    let scaled = (value * scale).rounded()
    guard scaled.magnitude < 9e15 else { return String(value) }
    let whole = Int64(scaled)
    var text = String(whole.magnitude / UInt64(scale))
    let fraction = String(whole.magnitude % UInt64(scale))
    let padded = String(repeating: "0", count: places - min(places, fraction.count)) + fraction
    if places > 0, let last = padded.lastIndex(where: { $0 != "0" }) { text += "." + padded[...last] }
    return whole < 0 ? "-" + text : text
  }

  /// A size in the largest unit that leaves a digit before the point: `417 B`, `1.5 MiB`.
  package static func bytes(_ value: some BinaryInteger) -> String {
    var size = Double(value)
    for unit in ["B", "KiB", "MiB", "GiB"] {
      if size < 1024 { return decimal(size, places: 1) + " " + unit }
      size /= 1024
    }
    return decimal(size, places: 1) + " TiB"
  }

  /// A time in its two largest units: `4 ms`, `1.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`, `4 d 3 h`.
  package static func duration(_ value: Duration) -> String {
    let seconds = value / .seconds(1)
    if seconds < 1 { return "\(Int64((seconds * 1000).rounded())) ms" }
    guard seconds >= 9.95 else { return decimal(seconds, places: 1) + " s" }
    let whole = Int64(seconds.rounded())
    switch whole {
    case ..<60: return "\(whole) s"
    case ..<3600: return pair(whole / 60, "min", whole % 60, "s")
    case ..<86_400: return pair(whole / 3600, "h", whole % 3600 / 60, "min")
    default: return pair(whole / 86_400, "d", whole % 86_400 / 3600, "h")
    }
  }

  private static func pair(_ large: Int64, _ largeUnit: String, _ small: Int64, _ smallUnit: String) -> String {
    small == 0 ? "\(large) \(largeUnit)" : "\(large) \(largeUnit) \(small) \(smallUnit)"
  }

  /// `1 event`, `2 events`.
  package static func counted(_ value: some BinaryInteger, _ noun: String) -> String {
    "\(count(value)) \(noun)\(value == 1 ? "" : "s")"
  }
}
