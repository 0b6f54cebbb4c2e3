/// (e) How fast one stream of 100 events is restored, against looking for its events in all of the archive.
struct StreamRatio {
  private let bench: Bench

  init(_ bench: Bench) {
    self.bench = bench
  }

  func measure() throws -> [Ratio] {
    let archive = try bench.writtenArchive(events: bench.sizes.large)
    return [
      try measure(archive, stream: "small-close", where: "within 1 % of them"),
      try measure(archive, stream: "small-spread", where: "spread over all of them"),
    ]
  }

  private func measure(_ archive: String, stream: String, where place: String) throws -> Ratio {
    var restore: [Usage] = []
    var scan: [Usage] = []
    for _ in 0..<bench.sizes.rounds {
      restore.append(
        try bench.withServer(events: 0) { target in
          try bench.vault(["restore", "--archive", archive, "--target", target, "--stream", stream])
        })
      let (usage, output) = try bench.step(["scan", "--archive", archive, "--stream", stream])
      guard output.contains("events \(MadeUpEvents.smallStreamEvents)\n") else {
        throw BenchmarkError("the stream has not the events it should have: \(output)")
      }
      scan.append(usage)
    }
    return Ratio(
      name: "(e) speed of restoring 100 events of \(bench.sizes.large), \(place); reading everything is 1",
      value: zip(scan, restore).map { $0.wallSeconds / $1.wallSeconds }.median, bound: .atLeast(20),
      numbers: "\(restore.text) against \(scan.text)")
  }
}
