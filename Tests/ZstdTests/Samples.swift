import Foundation
import TestSupport
import Testing

/// Content to compress, and a directory to meet the `zstd` command in.
enum Samples {
  /// Lines that compress well, of exactly so many bytes.
  static func lines(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    var number = 0
    while bytes.count < count {
      bytes += Array("{\"number\":\(number),\"type\":\"OrderPlaced\"}\n".utf8)
      number += 1
    }
    return Array(bytes.prefix(count))
  }

  /// Bytes that do not compress: the same for the same seed.
  static func noise(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var generator = SeededRandom(seed: seed)
    return (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next() >> 32) }
  }
}

/// A directory for one test, removed with its last reference.
final class Scratch {
  private let path = NSTemporaryDirectory() + "eventvault-zstd-" + UUID().uuidString

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  deinit {
    do { try FileManager.default.removeItem(atPath: path) } catch { Issue.record("\(path) stays behind: \(error)") }
  }

  /// Runs a shell command on `input`, and gives what it prints; the command must succeed.
  func run(_ command: String, on input: [UInt8]) throws -> [UInt8] {
    try Data(input).write(to: URL(fileURLWithPath: path + "/input"))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "(\(command)) < input > output"]
    process.currentDirectoryURL = URL(fileURLWithPath: path)
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(command)")
    return Array(try Data(contentsOf: URL(fileURLWithPath: path + "/output")))
  }
}
