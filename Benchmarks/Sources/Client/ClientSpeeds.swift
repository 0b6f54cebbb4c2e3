/// How fast a client did each work, round by round.
struct ClientSpeeds {
  private var rates: [ClientWork: [Double]] = [:]
  private var costs: [ClientWork: [Double]] = [:]

  /// Does each work once against a new server.
  ///
  /// - Parameters:
  ///   - events: How many events the stream gets.
  ///   - run: Does one work in a process of its own, by these arguments.
  mutating func measure(_ bench: Bench, events: Int, _ run: ([String]) throws -> Usage) throws {
    try bench.withServer(events: 0) { server in
      for work in ClientWork.allCases {
        let count = work.events(of: events)
        let usage = try run(["--server", server, "--work", work.rawValue, "--events", "\(count)"])
        rates[work, default: []].append(Double(count) / usage.wallSeconds)
        costs[work, default: []].append(usage.cpuSeconds / Double(count))
      }
    }
  }

  /// Events per second, round by round.
  func rates(of work: ClientWork) -> [Double] { rates[work] ?? [] }

  /// The median rate and processor time; a dash when it was not measured.
  func text(of work: ClientWork) -> String {
    guard let rates = rates[work], let costs = costs[work] else { return "–" }
    return "\(rates.median.rounded(digits: 0))/s, \((costs.median * 1e6).rounded(digits: 1)) µs"
  }
}

/// What was measured as a table in Markdown.
struct ClientTable {
  private let ours: ClientSpeeds
  private let theirs: ClientSpeeds

  init(ours: ClientSpeeds, theirs: ClientSpeeds) {
    self.ours = ours
    self.theirs = theirs
  }

  var text: String {
    let head = [
      "| Work | eventvault: events a second, CPU an event | photon-pump | Ratio | Wanted |", "|---|---|---|---|---|",
    ]
    return (head + ClientWork.allCases.map(row)).joined(separator: "\n")
  }

  private func row(_ work: ClientWork) -> String {
    let ratios = zip(ours.rates(of: work), theirs.rates(of: work)).map { $0 / $1 }
    let ratio = ratios.isEmpty ? nil : ratios.median
    let fallsShort = if let ratio, let wanted = work.wanted { ratio < wanted } else { false }
    let cells = [
      work.title, ours.text(of: work), theirs.text(of: work),
      (fallsShort ? "**falls short:** " : "") + (ratio.map { $0.rounded(digits: 1) } ?? "–"),
      work.wanted.map { "≥ \($0.rounded(digits: 0))" } ?? "–",
    ]
    return "| \(cells.joined(separator: " | ")) |"
  }
}
