import Foundation
import Testing

/// Runs the built `eventvault`, which stands beside the test bundle.
struct BinaryRun {
  /// How a run ended.
  struct Outcome {
    var status: Int32
    var output: String
    var errors: String

    /// The lines of standard output, each a JSON object.
    var objects: [[String: Any]] {
      get throws {
        try output.split(separator: "\n").map {
          try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any], "not JSON: \($0)")
        }
      }
    }
  }

  /// A run that goes on.
  final class Running {
    let process: Process
    private let directory: URL
    private let ended: AsyncStream<Int32>

    fileprivate init(process: Process, directory: URL, ended: AsyncStream<Int32>) {
      (self.process, self.directory, self.ended) = (process, directory, ended)
    }

    /// What it has printed so far.
    var output: String { get throws { try text("output") } }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// Waits for its end.
    func finish() async throws -> Outcome {
      var status: Int32?
      for await value in ended { status = value }
      defer { try? FileManager.default.removeItem(at: directory) }
      return Outcome(status: try #require(status), output: try text("output"), errors: try text("errors"))
    }

    private func text(_ name: String) throws -> String {
      String(decoding: try Data(contentsOf: directory.appendingPathComponent(name)), as: UTF8.self)
    }
  }

  /// The tool's path.
  static let path = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    .appendingPathComponent("eventvault").path

  /// Runs `eventvault` to its end.
  static func run(_ arguments: [String], environment: [String: String] = [:]) async throws -> Outcome {
    try await start(arguments, environment: environment).finish()
  }

  /// Runs a shell script in which `$0` is `eventvault`.
  static func shell(
    _ script: String, _ arguments: [String] = [], environment: [String: String] = [:]
  ) async throws -> Outcome {
    try await start(program: "/bin/bash", ["-c", script, path] + arguments, environment: environment).finish()
  }

  /// Starts `eventvault`.
  static func start(_ arguments: [String], environment: [String: String] = [:]) throws -> Running {
    try start(program: path, arguments, environment: environment)
  }

  private static func start(program: String, _ arguments: [String], environment: [String: String]) throws -> Running {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("eventvault-run-\(UUID())")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.environment = ["PATH": "/usr/local/bin:/usr/bin:/bin"].merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    for (name, isOutput) in [("output", true), ("errors", false)] {
      let file = directory.appendingPathComponent(name)
      try Data().write(to: file)
      let handle = try FileHandle(forWritingTo: file)
      if isOutput { process.standardOutput = handle } else { process.standardError = handle }
    }
    let (ended, continuation) = AsyncStream.makeStream(of: Int32.self)
    process.terminationHandler = {
      // A process that died of a signal has that as its status, which no exit code of ours is.
      continuation.yield($0.terminationReason == .exit ? $0.terminationStatus : -$0.terminationStatus)
      continuation.finish()
    }
    try process.run()
    return Running(process: process, directory: directory, ended: ended)
  }
}

/// A directory for one test, gone with it.
final class Scratch {
  let url = FileManager.default.temporaryDirectory.appendingPathComponent("eventvault-test-\(UUID())")

  init() throws {
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: url)
  }

  /// The path of something in it.
  func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  /// Every file of a directory in it, by its path there.
  func files(in name: String) throws -> [String: Data] {
    let root = url.appendingPathComponent(name)
    var files: [String: Data] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: root.path) {
      let file = root.appendingPathComponent(path)
      if !file.hasDirectoryPath, (try? FileManager.default.contentsOfDirectory(atPath: file.path)) == nil {
        files[path] = try Data(contentsOf: file)
      }
    }
    return files
  }

  /// Changes a file's bytes.
  func change(_ name: String, _ body: (inout Data) throws -> Void) throws {
    let file = url.appendingPathComponent(name)
    var data = try Data(contentsOf: file)
    try body(&data)
    try data.write(to: file)
  }
}
