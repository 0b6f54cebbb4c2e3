import EventStoreCore
import Foundation
import Testing

/// A directory for one test, removed with its last reference.
final class Scratch {
  let path = NSTemporaryDirectory() + "eventvault-" + EventID().description

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  deinit {
    do { try FileManager.default.removeItem(atPath: path) } catch { Issue.record("\(path) stays behind: \(error)") }
  }

  /// Writes a file of the directory.
  func write(_ bytes: some Sequence<UInt8>, to name: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name))
  }

  /// Reads a file of the directory.
  func read(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: path + "/" + name)))
  }
}

/// Runs the tools that users have.
enum Shell {
  /// What a command prints, its complaints too, and its exit status; run in `directory`.
  static func run(_ command: String, in directory: String) throws -> (output: String, status: Int32) {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["-c", "set -eo pipefail; exec 2>&1 </dev/null; " + command]
    process.currentDirectoryURL = URL(fileURLWithPath: directory)
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (String(decoding: data, as: UTF8.self), process.terminationStatus)
  }

  /// What a command prints; it must succeed.
  static func output(_ command: String, in directory: String) throws -> String {
    let (output, status) = try run(command, in: directory)
    #expect(status == 0, "\(command): \(output)")
    return output
  }
}
