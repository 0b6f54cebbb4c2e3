/// (b) The processor time of a backup, against what reading alone and writing alone take together.
struct BackupRatio {
  private let bench: Bench

  init(_ bench: Bench) {
    self.bench = bench
  }

  func measure() throws -> Ratio {
    var backup: [Usage] = []
    var read: [Usage] = []
    var write: [Usage] = []
    try bench.withServer(events: bench.sizes.events) { source in
      for _ in 0..<bench.sizes.rounds {
        read.append(try bench.step(["read", "--source", source]).usage)
        write.append(try WriteRatio.write(bench))
        backup.append(try bench.vault(["backup", "--source", source, "--archive", bench.path("backup")]))
        bench.remove("backup")
      }
    }
    let cpu = zip(backup, zip(read, write)).map { $0.cpuSeconds / ($1.0.cpuSeconds + $1.1.cpuSeconds) }.median
    return Ratio(
      name: "(b) processor time of a backup, against reading and writing alone", value: cpu, bound: .atMost(1.2),
      numbers: "backup \(backup.text), reading \(read.text), writing \(write.text)")
  }
}
