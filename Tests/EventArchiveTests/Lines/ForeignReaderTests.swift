import EventArchive
import EventStoreCore
import Foundation
import TestSupport
import Testing

/// Programs that know nothing of our code read the same from a line as we do.
@Suite struct ForeignReaderTests {
  private static let events: [RecordedEvent] = {
    var generator = SeededRandom(seed: 20_261_125)
    return LineSamples.payloads.map { LineSamples.event(data: Bytes($0)) } + (0..<1000).map { _ in generator.event() }
  }()

  private static func write(_ events: [RecordedEvent], to scratch: Scratch) throws {
    try scratch.write(events.flatMap { try LineSamples.line($0) }, to: "lines.ndjson")
  }

  private static func base64(_ bytes: some Sequence<UInt8>) -> String { Data(bytes).base64EncodedString() }

  @Test("jq takes every line, and gives back texts and Base64 as they were")
  func jq() throws {
    let scratch = try Scratch()
    try Self.write(Self.events, to: scratch)
    #expect(try Shell.output("jq -c . lines.ndjson | wc -l", in: scratch.path) == "\(Self.events.count)\n")
    // jq's own Base64 of texts, and ours where there is one.
    let printed = try Shell.output(
      #"jq -r '.dataBase64 // (.dataText | values | @base64) // "-"' lines.ndjson"#, in: scratch.path)
    let lines = printed.split(separator: "\n").map(String.init)
    try #require(lines.count == Self.events.count)
    var compared = 0
    for (event, line) in zip(Self.events, lines) where line != "-" {
      #expect(line == Self.base64(event.data))
      compared += 1
    }
    #expect(compared > 300)
  }

  @Test("Python takes every line, and agrees on every field")
  func python() throws {
    let scratch = try Scratch()
    try Self.write(Self.events, to: scratch)
    let script = """
      import base64, json
      def b(text): return base64.b64encode(text.encode()).decode()
      def field(event, key):
          if key + "Base64" in event: return event[key + "Base64"]
          if key + "Text" in event: return b(event[key + "Text"])
          if key in event: return "json"
          return "none"
      def name(event, key): return event[key + "Base64"] if key + "Base64" in event else b(event[key])
      for line in open("lines.ndjson", encoding="utf-8", newline="\\n"):
          event = json.loads(line, parse_int=str, parse_float=str)
          place = event.get("position")
          place = place["commit"] + "/" + place["prepare"] if place else "none"
          print(name(event, "stream"), event["number"], event["id"], name(event, "type"), event["created"], place,
                event["json"], field(event, "data"), field(event, "metadata"), sep="|")
      """
    try scratch.write(script.utf8, to: "read.py")
    let lines = try Shell.output("python3 read.py", in: scratch.path).split(separator: "\n").map(String.init)
    try #require(lines.count == Self.events.count)
    for (event, line) in zip(Self.events, lines) {
      let fields = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      try #require(fields.count == 9)
      #expect(fields[0] == Self.base64(event.stream.utf8))
      #expect(fields[1...2] == ["\(event.number)", "\(event.id)"])
      #expect(fields[3] == Self.base64(event.type.utf8))
      #expect(
        fields[4...6] == ["\(event.created)", event.position?.description ?? "none", event.isJSON ? "True" : "False"])
      for (field, payload) in zip(fields[7...], [event.data, event.metadata]) {
        let expected = payload.isEmpty ? "none" : Self.base64(payload)
        #expect(field == expected || field == "json" && !payload.isEmpty)
      }
    }
  }

  @Test(
    "What stands in a line as JSON is what Python would call JSON, and nothing else that a line may hold is left out")
  func sameIdeaOfJSON() throws {
    let scratch = try Scratch()
    let payloads = Self.events.flatMap { [$0.data, $0.metadata] }.filter { !$0.isEmpty }
    try scratch.write(payloads.flatMap { Array((Self.base64($0) + "\n").utf8) }, to: "payloads")
    // The rules of the specification once more, written by other means.
    let script = #"""
      import base64, json, re
      def refuse(constant): raise ValueError(constant)
      def depth(payload):
          deepest = now = 0
          for token in re.findall(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', payload):
              if len(token) == 1: now += 1 if token in "[{" else -1
              deepest = max(deepest, now)
          return deepest
      def embeds(payload):
          if any(byte < 0x20 for byte in payload) or payload[:1] == b" " or payload[-1:] == b" ": return False
          try:
              text = payload.decode("utf-8")
              value = json.loads(text, parse_int=str, parse_float=str, parse_constant=refuse, object_pairs_hook=list)
              json.dumps(value, ensure_ascii=False).encode("utf-8")
          except (ValueError, RecursionError): return False
          return depth(text) <= 127
      for line in open("payloads"): print(embeds(base64.b64decode(line)))
      """#
    try scratch.write(script.utf8, to: "rules.py")
    let verdicts = try Shell.output("python3 rules.py", in: scratch.path).split(separator: "\n").map(String.init)
    try #require(verdicts.count == payloads.count)
    for (payload, verdict) in zip(payloads, verdicts) {
      let line = try LineSamples.line(LineSamples.event(data: payload))
      let isEmbedded = line.suffix(payload.count + 10).elementsEqual(
        Array(",\"data\":".utf8) + payload + Array("}\n".utf8))
      #expect("\(isEmbedded)".capitalized == verdict, "\(payload)")
    }
    #expect(verdicts.filter { $0 == "True" }.count > 300)
    #expect(verdicts.filter { $0 == "False" }.count > 300)
  }
}
