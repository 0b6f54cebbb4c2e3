/// (f) The most memory that backup, verify and restore need, with few events and with many.
struct MemoryRatio {
  private let bench: Bench

  init(_ bench: Bench) {
    self.bench = bench
  }

  func measure() throws -> [Ratio] {
    let small = try peaks(events: bench.sizes.small)
    let large = try peaks(events: bench.sizes.large)
    return zip(small, large).flatMap { small, large in
      [
        Ratio(
          name: "(f) memory of `\(large.command)` with \(bench.sizes.large) events, MB", value: large.peak / 1e6,
          bound: .atMost(150), numbers: "peak resident memory"),
        Ratio(
          name: "(f) the same, against \(bench.sizes.small) events", value: large.peak / small.peak,
          bound: .atMost(1.2),
          numbers: "\((large.peak / 1e6).rounded(digits: 1)) MB against \((small.peak / 1e6).rounded(digits: 1)) MB"),
      ]
    }
  }

  private func peaks(events: Int) throws -> [(command: String, peak: Double)] {
    let archive = bench.path("memory-\(events)")
    defer { bench.remove("memory-\(events)") }
    let backup = try bench.withServer(events: events) { source in
      try bench.vault(["backup", "--source", source, "--archive", archive])
    }
    let verify = try bench.vault(["verify", "--archive", archive])
    let restore = try bench.withServer(events: 0) { target in
      try bench.vault(["restore", "--archive", archive, "--target", target])
    }
    return [("backup", backup), ("verify", verify), ("restore", restore)].map { ($0, Double($1.peakBytes)) }
  }
}
