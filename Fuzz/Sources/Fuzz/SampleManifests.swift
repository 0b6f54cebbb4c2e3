/// Manifests as text, each line without its last members and the closing brace.
enum SampleManifests {
  static let all: [[String]] = [everything, streams]

  private static let id = "f1f4c1d8-0000-4000-8000-000000000004"
  private static let time = "2026-11-23T20:00:01.0000000Z"
  private static let digest = String(repeating: "0f", count: 32)
  private static let head = #"{"kind":"archive","version":1,"id":"\#(id)","created":"\#(time)","tool":"by hand","#
  private static let origin = #""source":"tcp://a","protocol":"tcp","serverVersion":"4.1.4""#

  /// What all segments have before they say where they begin.
  private static func segment(_ sequence: Int, revision: Int = 0) -> String {
    #""sequence":\#(sequence),"file":"segments/0000000\#(sequence)\#(revision > 0 ? ".r\(revision)" : "").ndjson.zst","#
      + #""events":4,"streams":2,"compressedBytes":691,"rawBytes":890,"sha256":"\#(digest)","indexSha256":"\#(digest)""#
  }

  /// The members of a segment of `$all`.
  private static func segment(_ sequence: Int, revision: Int = 0, from first: Place, to last: Place) -> String {
    segment(sequence, revision: revision)
      + #","first":{"position":\#(first),"created":"\#(time)"},"last":{"position":\#(last),"created":"\#(time)"},"#
      + #""anchors":[{"position":\#(last),"id":"\#(id)"}],"recorded":"\#(time)""#
  }

  /// A position as JSON.
  struct Place: CustomStringConvertible {
    let description: String

    init(_ commit: Int, _ prepare: Int) {
      description = #"{"commit":\#(commit),"prepare":\#(prepare)}"#
    }
  }

  // MARK: Lines

  /// The first line of an archive of `$all`, or of two streams.
  static func archive(ofAll: Bool) -> String {
    (ofAll ? everything : streams)[0]
  }

  static func segmentLine(_ sequence: Int, from first: Place, to last: Place) -> String {
    #"{"kind":"segment","# + segment(sequence, from: first, to: last)
  }

  /// A segment of a list of streams: how far the stream `a`, and one whose name is not UTF-8, are archived.
  static func segmentLine(_ sequence: Int, a: Int, other: Int) -> String {
    #"{"kind":"segment","# + segment(sequence)
      + #","first":{"created":"\#(time)"},"last":{"created":"\#(time)"},"progress":[{"stream":"a","number":\#(a),"#
      + #""id":"\#(id)"},{"streamBase64":"/w==","number":\#(other),"id":"\#(id)"}],"recorded":"\#(time)""#
  }

  static func checkpointLine(_ place: Place) -> String {
    #"{"kind":"checkpoint","position":\#(place),"anchors":[],"recorded":"\#(time)""#
  }

  static func gapLine(after: Place, before: Place) -> String {
    #"{"kind":"gap","after":\#(after),"before":\#(before),"reason":"scavenged","recorded":"\#(time)""#
  }

  static func gapLine(_ first: Int, _ last: Int) -> String {
    #"{"kind":"gap","streamBase64":"/w==","firstNumber":\#(first),"lastNumber":\#(last),"reason":"refused","#
      + #""recorded":"\#(time)""#
  }

  static func rewriteLine(_ first: Int, _ last: Int, with sequence: Int, revision: Int) -> String {
    #"{"kind":"rewrite","firstReplaced":\#(first),"lastReplaced":\#(last),"segments":[{"#
      + segment(sequence, revision: revision, from: Place(1, 1), to: Place(2, 2))
      + #"}],"reason":"redacted","recorded":"\#(time)""#
  }

  // MARK: Archives

  /// An archive of `$all` with lines of every kind, whose positions are one digit away from being wrong.
  private static let everything = [
    head + #""scope":"$all","filters":{"includeSystem":true,"includeStreams":["a","~b"],"excludeTypes":["t"]},"#
      + origin,
    segmentLine(1, from: Place(1, 1), to: Place(2, 2)),
    segmentLine(2, from: Place(3, 2), to: Place(4, 4)),
    checkpointLine(Place(5, 4)),
    gapLine(after: Place(2, 2), before: Place(3, 2)),
    gapLine(3, 5),
    rewriteLine(1, 2, with: 1, revision: 1),
  ]

  /// An archive of two streams.
  private static let streams = [
    head + #""scope":[{"stream":"a"},{"streamBase64":"/w=="}],"# + origin,
    segmentLine(1, a: 7, other: 0),
    #"{"kind":"gap","stream":"a","reason":"deleted","recorded":"\#(time)""#,
  ]
}
