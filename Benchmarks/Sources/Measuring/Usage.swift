#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What some work has cost.
struct Usage: Hashable, Sendable {
  /// Processor time of all threads, in seconds.
  var cpuSeconds: Double
  /// Time that passed, in seconds.
  var wallSeconds: Double
  /// The most memory that the process had at a time.
  var peakBytes: Int

  /// What this process has used so far; `wallSeconds` counts from an arbitrary moment.
  static var ofThisProcess: Usage {
    var usage = rusage()
    // Fails only for a bad address.
    getrusage(RUSAGE_SELF.rawValue, &usage)
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Usage(usage, wallSeconds: Double(time.tv_sec) + Double(time.tv_nsec) / 1e9)
  }

  init(cpuSeconds: Double, wallSeconds: Double, peakBytes: Int) {
    self.cpuSeconds = cpuSeconds
    self.wallSeconds = wallSeconds
    self.peakBytes = peakBytes
  }

  init(_ usage: rusage, wallSeconds: Double) {
    self.init(
      cpuSeconds: Self.seconds(usage.ru_utime) + Self.seconds(usage.ru_stime), wallSeconds: wallSeconds,
      // In KiB, on Linux.
      peakBytes: usage.ru_maxrss << 10)
  }

  /// What was used since `start`.
  func since(_ start: Usage) -> Usage {
    Usage(
      cpuSeconds: cpuSeconds - start.cpuSeconds, wallSeconds: wallSeconds - start.wallSeconds, peakBytes: peakBytes)
  }

  private static func seconds(_ time: timeval) -> Double {
    Double(time.tv_sec) + Double(time.tv_usec) / 1e6
  }
}

extension Usage {
  /// The line in which a step tells its cost to the process that began it.
  var line: String { "usage \(cpuSeconds) \(wallSeconds) \(peakBytes)" }

  /// Reads the last such line of a step's output; nil when there is none.
  init?(lastLineOf output: String) {
    guard let line = output.split(separator: "\n").last(where: { $0.hasPrefix("usage ") }) else { return nil }
    let words = line.split(separator: " ")
    guard words.count == 4, let cpu = Double(words[1]), let wall = Double(words[2]), let peak = Int(words[3]) else {
      return nil
    }
    self.init(cpuSeconds: cpu, wallSeconds: wall, peakBytes: peak)
  }
}
