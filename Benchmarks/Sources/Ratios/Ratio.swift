/// One result: a ratio, what it must be, and the numbers behind it.
struct Ratio {
  /// What the ratio must be.
  enum Bound {
    case atLeast(Double)
    case atMost(Double)

    func holds(_ value: Double) -> Bool {
      switch self {
      case .atLeast(let bound): value >= bound
      case .atMost(let bound): value <= bound
      }
    }

    var text: String {
      switch self {
      case .atLeast(let bound): "≥ \(bound)"
      case .atMost(let bound): "≤ \(bound)"
      }
    }
  }

  var name: String
  var value: Double
  var bound: Bound
  var numbers: String
}

/// The results as a table in Markdown.
struct RatioTable {
  private let ratios: [Ratio]

  init(_ ratios: [Ratio]) {
    self.ratios = ratios
  }

  var text: String {
    let rows = ratios.map { ratio in
      "| \(ratio.name) | \(ratio.bound.text) | \(ratio.bound.holds(ratio.value) ? "" : "**falls short:** ")"
        + "\(ratio.value.rounded(digits: 2)) | \(ratio.numbers) |"
    }
    return (["| Ratio | Wanted | Measured | The numbers |", "|---|---|---|---|"] + rows).joined(separator: "\n")
  }
}
