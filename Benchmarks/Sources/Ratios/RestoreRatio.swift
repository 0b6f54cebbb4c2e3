/// (c) How fast a restore is with many appends in flight, against one at a time.
struct RestoreRatio {
  private let bench: Bench

  init(_ bench: Bench) {
    self.bench = bench
  }

  func measure() throws -> Ratio {
    let archive = try bench.writtenArchive(events: bench.sizes.restoredEvents)
    var many: [Usage] = []
    var single: [Usage] = []
    for _ in 0..<bench.sizes.rounds {
      many.append(try restore(archive, []))
      single.append(try restore(archive, ["--in-flight", "1"]))
    }
    return Ratio(
      name: "(c) speed of a restore, one append at a time is 1",
      value: zip(single, many).map { $0.wallSeconds / $1.wallSeconds }.median, bound: .atLeast(10),
      numbers: "\(bench.sizes.restoredEvents) events in \(many.text) against \(single.text)")
  }

  private func restore(_ archive: String, _ options: [String]) throws -> Usage {
    try bench.withServer(events: 0) { target in
      try bench.vault(["restore", "--archive", archive, "--target", target] + options)
    }
  }
}
