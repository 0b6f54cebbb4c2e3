import EventArchive
import EventStoreCore

/// Manifests put together by hand from the specification, not by our encoder.
struct ForgedManifest {
  /// A key and its value, as JSON.
  typealias Member = (key: String, value: String)

  /// The lines, without the members that seal them.
  var lines: [[Member]]

  /// The file: each line with the right `prev` and `digest`.
  var bytes: [UInt8] {
    Self.seal(lines.map { line in "{" + line.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") })
  }

  /// Seals lines, each given without its closing brace.
  static func seal(_ lines: [String]) -> [UInt8] {
    var file: [UInt8] = []
    var previous = String(repeating: "0", count: 64)
    for line in lines {
      let content = Array("\(line),\"prev\":\"\(previous)\"".utf8)
      let sealed = content + Array(",\"digest\":\"\(SHA256Digest(of: content))\"}\n".utf8)
      previous = SHA256Digest(of: sealed).description
      file += sealed
    }
    return file
  }

  /// What a reader makes of the file.
  func read() throws(ArchiveError) -> ArchiveReader {
    try Self.read(bytes)
  }

  static func read(_ bytes: [UInt8]) throws(ArchiveError) -> ArchiveReader {
    let storage = PowerCutStorage()
    storage["manifest.ndjson"] = bytes
    return try ArchiveReader(storage: storage)
  }

  private static let time = #""2026-11-23T20:00:01.0000000Z""#
  private static let id = #""f1f4c1d8-0000-4000-8000-000000000004""#
  private static let digest = "\"" + String(repeating: "0f", count: 32) + "\""

  private static func position(_ place: Int) -> String { #"{"commit":\#(place),"prepare":\#(place)}"# }

  private static func archive(_ scope: [Member]) -> [Member] {
    [("kind", "\"archive\""), ("version", "1"), ("id", id), ("created", time), ("tool", "\"by hand\"")] + scope
      + [("source", "\"tcp://a\""), ("protocol", "\"tcp\""), ("serverVersion", "\"4.1.4\"")]
  }

  private static func segment(
    _ sequence: Int, _ file: String, first: String, last: String, _ end: Member
  ) -> [Member] {
    [
      ("sequence", "\(sequence)"), ("file", "\"segments/\(file).ndjson.zst\""), ("events", "4"), ("streams", "2"),
      ("compressedBytes", "691"), ("rawBytes", "890"), ("sha256", digest), ("indexSha256", digest), ("first", first),
      ("last", last),
      end, ("recorded", time),
    ]
  }

  private static func placed(_ sequence: Int, _ file: String) -> [Member] {
    func edge(_ place: Int) -> String { #"{"position":\#(position(place)),"created":\#(time)}"# }
    return segment(
      sequence, file, first: edge(sequence * 100), last: edge(sequence * 100 + 50),
      ("anchors", #"[{"position":\#(position(sequence * 100 + 50)),"id":\#(id)}]"#))
  }

  /// An archive of `$all` with lines of every kind.
  static let all = ForgedManifest(lines: [
    archive([("scope", "\"$all\""), ("filters", #"{"includeSystem":true}"#)]),
    [("kind", "\"segment\"")] + placed(1, "00000001"),
    [("kind", "\"segment\"")] + placed(2, "00000002"),
    [
      ("kind", "\"checkpoint\""), ("position", position(300)),
      ("anchors", #"[{"position":\#(position(300)),"id":\#(id)}]"#),
      ("recorded", time),
    ],
    [
      ("kind", "\"gap\""), ("after", position(100)), ("before", position(200)), ("reason", "\"scavenged\""),
      ("recorded", time),
    ],
    [
      ("kind", "\"gap\""), ("streamBase64", "\"/w==\""), ("firstNumber", "3"), ("lastNumber", "5"),
      ("reason", "\"refused\""),
      ("recorded", time),
    ],
    [
      ("kind", "\"rewrite\""), ("firstReplaced", "1"), ("lastReplaced", "1"),
      ("segments", "[{" + placed(1, "00000001.r1").map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}]"),
      ("reason", "\"redacted\""), ("recorded", time),
    ],
  ])

  /// An archive of two streams.
  static let streams = ForgedManifest(lines: [
    archive([("scope", #"[{"stream":"a"},{"streamBase64":"/w=="}]"#)]),
    [("kind", "\"segment\"")]
      + segment(
        1, "00000001", first: #"{"created":\#(time)}"#, last: #"{"created":\#(time)}"#,
        ("progress", #"[{"stream":"a","number":7,"id":\#(id)},{"streamBase64":"/w==","number":0,"id":\#(id)}]"#)),
    [("kind", "\"gap\""), ("stream", "\"a\""), ("reason", "\"deleted\""), ("recorded", time)],
  ])
}
