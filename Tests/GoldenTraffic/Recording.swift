import Foundation

/// What a real EventStore 4.1.4 answered on its TCP port in one scenario, byte for byte.
///
/// Positions, times, ids that the server made and the order of frames of different requests differ from run to run;
/// everything else is the same for every server of that version.
package struct Recording: Sendable {
  /// The scenario's name, such as `read_event`.
  package let scenario: String
  /// What it shows.
  package let about: String
  /// What must be true before it begins.
  package let setup: String
  /// What happened, in the order in which the recording side saw it.
  package let steps: [Step]

  /// The recording of this scenario.
  /// - Throws: `RecordingError` when there is none, or it cannot be read.
  package static func named(_ scenario: String) throws -> Recording {
    guard let file = Bundle.module.url(forResource: "Recordings/tcp-4.1.4/\(scenario)", withExtension: "ndjson") else {
      throw RecordingError("no recording is called \(scenario)")
    }
    return try Recording(ndjson: Data(contentsOf: file))
  }

  /// The names of all scenarios, sorted.
  package static var names: [String] {
    get throws {
      guard let folder = Bundle.module.url(forResource: "Recordings/tcp-4.1.4", withExtension: nil) else {
        throw RecordingError("the recordings are not there")
      }
      return try FileManager.default.contentsOfDirectory(atPath: folder.path)
        .filter { $0.hasSuffix(".ndjson") }.map { String($0.dropLast(".ndjson".count)) }.sorted()
    }
  }

  /// All recordings, by name; read once.
  package static var all: [Recording] {
    get throws { try loaded.get() }
  }

  private static let loaded = Result { try names.map { try named($0) } }

  /// The frames that the server sent, in order.
  package var serverFrames: [Step] { steps.filter { $0.direction == .server } }

  /// What the client sent, in order, bytes that are no frames included.
  package var clientFrames: [Step] { steps.filter { $0.direction == .client } }
}

extension Recording {
  init(ndjson: Data) throws {
    let lines = try [UInt8](ndjson).split(separator: UInt8(ascii: "\n")).map { try JSONValue(parsing: $0) }
    guard let head = lines.first, let scenario = head["scenario"]?.string else {
      throw RecordingError("a recording without its first line")
    }
    self.scenario = scenario
    about = head["about"]?.string ?? ""
    setup = head["setup"]?.string ?? ""
    steps = try lines.dropFirst().map { try Step($0) }
  }
}

extension Recording: CustomStringConvertible {
  package var description: String { scenario }
}
