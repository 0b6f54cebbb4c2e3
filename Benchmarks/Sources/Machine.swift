import Foundation

/// What the measurement ran on.
enum Machine {
  static var lines: [String] {
    let processor = lines(of: "/proc/cpuinfo").first { $0.hasPrefix("model name") } ?? "unknown processor"
    let memory = lines(of: "/proc/meminfo").first { $0.hasPrefix("MemTotal") }.flatMap(kibibytes) ?? 0
    let system = lines(of: "/etc/os-release").first { $0.hasPrefix("PRETTY_NAME=") } ?? ""
    let zstd = (try? Child.run(["zstd", "--version"]).output) ?? "no zstd"
    return [
      "Machine: \(processor.drop { $0 != ":" }.dropFirst(2)), \(ProcessInfo.processInfo.activeProcessorCount) cores, "
        + "\(memory >> 20) GiB, \(system.dropFirst("PRETTY_NAME=".count).filter { $0 != "\"" })",
      "Date: \(Date.now.formatted(.iso8601)), load \(lines(of: "/proc/loadavg").first ?? "unknown")",
      "zstd: \(zstd.filter { $0 != "*" })",
    ]
  }

  private static func lines(of file: String) -> [Substring] {
    ((try? String(contentsOfFile: file, encoding: .utf8)) ?? "").split(separator: "\n")
  }

  private static func kibibytes(_ line: Substring) -> Int? {
    line.split(separator: " ").dropFirst().first.flatMap { Int($0) }
  }
}
