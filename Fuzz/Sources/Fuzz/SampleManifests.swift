/// Manifests as text, each line without its last members and the closing brace.
enum SampleManifests {
  static let all: [[String]] = [everything, streams]

  private static let id = "f1f4c1d8-0000-4000-8000-000000000004"
  private static let time = "2026-11-23T20:00:01.0000000Z"
  private static let digest = String(repeating: "0f", count: 32)
  private static let head = #"{"kind":"archive","version":1,"id":"\#(id)","created":"\#(time)","tool":"by hand","#
  private static let origin = #""source":"tcp://a","protocol":"tcp","serverVersion":"4.1.4""#

  private static func segment(_ sequence: Int, _ file: String, from first: Int, to last: Int) -> String {
    #""sequence":\#(sequence),"file":"segments/\#(file).ndjson.zst","events":4,"streams":2,"compressedBytes":691,"#
      + #""rawBytes":890,"sha256":"\#(digest)","indexSha256":"\#(digest)","#
      + #""first":{"position":{"commit":\#(first),"prepare":\#(first)},"created":"\#(time)"},"#
      + #""last":{"position":{"commit":\#(last),"prepare":\#(last)},"created":"\#(time)"},"#
      + #""anchors":[{"position":{"commit":\#(last),"prepare":\#(last)},"id":"\#(id)"}],"recorded":"\#(time)""#
  }

  /// An archive of `$all` with lines of every kind.
  private static let everything = [
    head + #""scope":"$all","filters":{"includeSystem":true,"includeStreams":["a","~b"],"excludeTypes":["t"]},"#
      + origin,
    #"{"kind":"segment","# + segment(1, "00000001", from: 100, to: 150),
    #"{"kind":"segment","# + segment(2, "00000002", from: 200, to: 250),
    #"{"kind":"checkpoint","position":{"commit":300,"prepare":300},"anchors":[],"recorded":"\#(time)""#,
    #"{"kind":"gap","after":{"commit":100,"prepare":100},"before":{"commit":200,"prepare":200},"reason":"scavenged","#
      + #""recorded":"\#(time)""#,
    #"{"kind":"gap","streamBase64":"/w==","firstNumber":3,"lastNumber":5,"reason":"refused","recorded":"\#(time)""#,
    #"{"kind":"rewrite","firstReplaced":1,"lastReplaced":1,"segments":[{"#
      + segment(1, "00000001.r1", from: 100, to: 150) + #"}],"reason":"redacted","recorded":"\#(time)""#,
  ]

  /// An archive of two streams.
  private static let streams = [
    head + #""scope":[{"stream":"a"},{"streamBase64":"/w=="}],"# + origin,
    #"{"kind":"segment","sequence":1,"file":"segments/00000001.ndjson.zst","events":4,"streams":2,"#
      + #""compressedBytes":691,"rawBytes":890,"sha256":"\#(digest)","indexSha256":"\#(digest)","#
      + #""first":{"created":"\#(time)"},"last":{"created":"\#(time)"},"progress":[{"stream":"a","number":7,"#
      + #""id":"\#(id)"},{"streamBase64":"/w==","number":0,"id":"\#(id)"}],"recorded":"\#(time)""#,
    #"{"kind":"gap","stream":"a","reason":"deleted","recorded":"\#(time)""#,
  ]
}
