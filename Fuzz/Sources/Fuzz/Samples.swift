import Foundation

@testable import EventStoreCore

/// What the repository has recorded of real servers.
struct Samples {
  /// The largest sample that is of use: large ones make every step slow.
  private static let maximumBytes = 16 << 10

  /// TCP frames, each with its length in front.
  let frames: [[UInt8]]
  /// What gossip requests were answered.
  let gossip: [[UInt8]]

  /// Reads the recordings of the repository in this folder.
  init(repository: String) throws {
    let recordings = URL(filePath: repository).appending(path: "Tests/GoldenTraffic/Recordings")
    frames = try Self.files(in: recordings.appending(path: "tcp-4.1.4"), ending: ".ndjson")
      .flatMap { $0.split(separator: UInt8(ascii: "\n")) }
      .compactMap { line in RawJSON(parsing: line)?["hex"]?.text.flatMap(Self.bytes) }
      .filter { $0.count <= Self.maximumBytes }
    gossip = try Self.files(in: recordings.appending(path: "http-4.1.4"), ending: ".json")
      .filter { $0.count <= Self.maximumBytes }
  }

  private static func files(in folder: URL, ending: String) throws -> [[UInt8]] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(ending) }.sorted()
      .map { [UInt8](try Data(contentsOf: folder.appending(path: $0))) }
  }

  private static func bytes(hexadecimal text: String) -> [UInt8]? {
    let digits = text.compactMap(\.hexDigitValue)
    guard digits.count.isMultiple(of: 2), digits.count == text.count else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }
}
