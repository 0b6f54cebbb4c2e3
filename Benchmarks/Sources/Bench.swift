import Foundation

/// How much is measured, and how often.
struct Sizes: CustomStringConvertible {
  /// Events of the write, backup and verify ratios.
  var events: Int
  /// Events of the restores whose speeds are compared.
  var restoredEvents: Int
  /// Events of the small and the large archive, whose memory is compared.
  var small: Int
  var large: Int
  var rounds: Int

  static let full = Sizes(events: 1_000_000, restoredEvents: 100_000, small: 100_000, large: 2_000_000, rounds: 5)
  static let quick = Sizes(events: 100_000, restoredEvents: 20_000, small: 20_000, large: 200_000, rounds: 1)

  var description: String {
    "Events: \(events) for (a), (b), (d); \(restoredEvents) for (c); \(large) for (e); \(small) and \(large) for (f); "
      + "in 10,000 streams. Medians of \(rounds) rounds."
  }
}

/// Where things are, and the archives and servers that several ratios share.
final class Bench {
  let sizes: Sizes
  let tool: String
  private let directory: String
  private let own: String

  init(directory: String, tool: String, sizes: Sizes) throws {
    self.directory = directory
    self.tool = tool
    self.sizes = sizes
    own = CommandLine.arguments[0]
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
  }

  func path(_ name: String) -> String { "\(directory)/\(name)" }

  func note(_ text: String) {
    FileHandle.standardError.write(Data("\(text)\n".utf8))
  }

  func removeDirectory() {
    remove("")
  }

  /// Removes a file or an archive, if it is there.
  func remove(_ name: String) {
    try? FileManager.default.removeItem(atPath: path(name))
  }

  /// Runs a step in a process of its own, and says what it tells of its cost.
  func step(_ arguments: [String]) throws -> (usage: Usage, output: String) {
    try telling([own] + arguments)
  }

  /// Runs a command that tells what it has cost, as a step does.
  func telling(_ command: [String]) throws -> (usage: Usage, output: String) {
    let output = try run(command, standardOutput: nil).output
    guard let usage = Usage(lastLineOf: output) else { throw BenchmarkError("no usage from \(command)") }
    return (usage, output)
  }

  /// Runs eventvault, and says what the whole process has cost.
  func vault(_ arguments: [String]) throws -> Usage {
    try run([tool] + arguments + ["--json"], standardOutput: path("child.out")).usage
  }

  /// Runs a command; what it says on the way is told only when it fails.
  private func run(_ command: [String], standardOutput: String?) throws -> (usage: Usage, output: String) {
    let words = path("child.err")
    do {
      return try Child.run(command, standardOutput: standardOutput, standardError: words)
    } catch {
      throw BenchmarkError("\(error)\n\((try? String(contentsOfFile: words, encoding: .utf8)) ?? "")")
    }
  }

  /// Gives `body` the address of a server that holds so many made-up events, and ends it afterwards.
  func withServer<Result>(events: Int, _ body: (String) throws -> Result) throws -> Result {
    let server = try Child([own, "serve", "--events", "\(events)"])
    guard let address = server.readLine() else { throw BenchmarkError("the server did not start") }
    do {
      let result = try body(address)
      server.stop()
      return result
    } catch {
      server.stop()
      throw error
    }
  }

  /// An archive of so many made-up events, written by the write step when it is not there yet.
  func writtenArchive(events: Int) throws -> String {
    let archive = path("written-\(events)")
    if !FileManager.default.fileExists(atPath: archive) {
      _ = try step(["write", "--events", "\(events)", "--archive", archive])
    }
    return archive
  }

  /// The segments of an archive.
  func segments(of archive: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "\(archive)/segments").sorted().map {
      "\(archive)/segments/\($0)"
    }
  }
}
