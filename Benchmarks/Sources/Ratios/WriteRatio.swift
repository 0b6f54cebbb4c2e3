/// (a) To encode, compress and write events, against the `zstd` command on the same NDJSON: how fast, 1 is as fast.
struct WriteRatio {
  static let level = 3
  static let threads = 2

  private let bench: Bench

  init(_ bench: Bench) {
    self.bench = bench
  }

  func measure() throws -> Ratio {
    let lines = try self.lines()
    // So that the disk is not still busy with them.
    try Child.run(["sync"])
    var ours: [Usage] = []
    var zstd: [Usage] = []
    for _ in 0..<bench.sizes.rounds {
      ours.append(try Self.write(bench))
      zstd.append(
        try Child.run(
          ["zstd", "-q", "-f", "-\(Self.level)", "-T\(Self.threads)", lines, "-o", bench.path("lines.zst")]
        ).usage)
    }
    bench.remove("lines.ndjson")
    bench.remove("lines.zst")
    let cpu = zip(zstd, ours).map { $0.cpuSeconds / $1.cpuSeconds }.median
    let wall = zip(zstd, ours).map { $0.wallSeconds / $1.wallSeconds }.median
    return Ratio(
      name: "(a) speed of encode + compress + write, `zstd -\(Self.level) -T\(Self.threads)` is 1", value: wall,
      bound: .atLeast(0.7), numbers: "CPU alone \(cpu.rounded(digits: 2)); \(ours.text) against \(zstd.text)")
  }

  /// Writes the events once, and says what it has cost.
  static func write(_ bench: Bench) throws -> Usage {
    bench.remove("write")
    defer { bench.remove("write") }
    return try bench.step([
      "write", "--events", "\(bench.sizes.events)", "--archive", bench.path("write"), "--level", "\(level)",
      "--threads", "\(threads)",
    ]).usage
  }

  /// A file with the same lines.
  private func lines() throws -> String {
    let file = bench.path("lines.ndjson")
    let segments = try bench.segments(of: bench.writtenArchive(events: bench.sizes.events))
    try Child.run(["zstd", "-q", "-d", "-c"] + segments, standardOutput: file)
    return file
  }
}

extension [Usage] {
  var cpuSeconds: Double { map(\.cpuSeconds).median }
  var wallSeconds: Double { map(\.wallSeconds).median }

  var text: String { "\(wallSeconds.rounded(digits: 2)) s (CPU \(cpuSeconds.rounded(digits: 2)) s)" }
}
