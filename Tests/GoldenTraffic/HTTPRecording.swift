import Foundation

/// What a real EventStore 4.1.4 answered over HTTP.
package enum HTTPRecording {
  /// The body in this file, such as `gossip-single.json`.
  /// - Throws: `RecordingError` when there is none.
  package static func body(named file: String) throws -> [UInt8] {
    guard let url = Bundle.module.url(forResource: "Recordings/http-4.1.4/\(file)", withExtension: nil) else {
      throw RecordingError("no recorded answer is called \(file)")
    }
    return try [UInt8](Data(contentsOf: url))
  }

  /// The body in this file as JSON.
  /// - Throws: `RecordingError` when there is none, or it is not JSON.
  package static func json(named file: String) throws -> JSONValue {
    try JSONValue(parsing: body(named: file))
  }
}
