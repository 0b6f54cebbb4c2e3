/// (d) How fast an archive is verified, against `zstd -t` on its segments, which only decompresses.
struct VerifyRatio {
  private let bench: Bench

  init(_ bench: Bench) {
    self.bench = bench
  }

  func measure() throws -> Ratio {
    let archive = try bench.writtenArchive(events: bench.sizes.events)
    let segments = try bench.segments(of: archive)
    var ours: [Usage] = []
    var zstd: [Usage] = []
    for _ in 0..<bench.sizes.rounds {
      ours.append(try bench.vault(["verify", "--archive", archive]))
      zstd.append(try Child.run(["zstd", "-q", "-t"] + segments).usage)
    }
    let cpu = zip(zstd, ours).map { $0.cpuSeconds / $1.cpuSeconds }.median
    return Ratio(
      name: "(d) speed of `verify`, `zstd -t` is 1",
      value: zip(zstd, ours).map { $0.wallSeconds / $1.wallSeconds }.median, bound: .atLeast(0.5),
      numbers: "CPU alone \(cpu.rounded(digits: 2)); \(ours.text) against \(zstd.text)")
  }
}
