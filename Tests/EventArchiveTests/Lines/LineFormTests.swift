import EventArchive
import EventStoreCore
import Testing

/// A line says what the specification says, byte for byte.
@Suite struct LineFormTests {
  private static let head =
    #"{"stream":"orders-1","number":7,"id":"f1f4c1d8-0000-4000-8000-000000000001","type":"OrderPlaced","#
    + #""created":"2026-11-23T19:20:01.1234567Z""#

  private static func text(_ event: RecordedEvent) throws -> String {
    String(decoding: try LineSamples.line(event), as: UTF8.self)
  }

  @Test("All keys stand in the order of the specification")
  func wholeLine() throws {
    let event = LineSamples.event(
      data: #"{"total":12.50}"#, metadata: #"{"user":"u1"}"#, position: Position(commit: 9, prepare: .max))
    let expected =
      #","position":{"commit":9,"prepare":9223372036854775807},"json":true,"data":{"total":12.50},"metadata":{"user":"u1"}}"#
    #expect(try Self.text(event) == Self.head + expected + "\n")
    #expect(try Self.text(LineSamples.event(isJSON: false)) == Self.head + ",\"json\":false}\n")
  }

  @Test(
    "A payload takes the first form that fits",
    arguments: [
      ("null", #""data":null"#), (#"{"a":1,"a":2}"#, #""data":{"a":1,"a":2}"#),
      (#"{ "a" : 1 }"#, #""data":{ "a" : 1 }"#),
      ("1e400", #""data":1e400"#), (#""\ud83d\ude00""#, #""data":"\ud83d\ude00""#),
      ("\"\u{2028}\u{7F}\"", "\"data\":\"\u{2028}\u{7F}\""),
      (#"["\ud800"]"#, #""dataText":"[\"\\ud800\"]""#), (" {}", #""dataText":" {}""#), ("{}\n", #""dataText":"{}\n""#),
      ("{\n\t\"a\":\r1}", #""dataText":"{\n\t\"a\":\r1}""#), ("\u{FEFF}{}", "\"dataText\":\"\u{FEFF}{}\""),
      ("plain \\ \u{2028}\u{7F}", "\"dataText\":\"plain \\\\ \u{2028}\u{7F}\""), ("01", #""dataText":"01""#),
      ("\u{0}", #""dataBase64":"AA==""#), ("\u{8}", #""dataBase64":"CA==""#), ("ab\u{1F}", #""dataBase64":"YWIf""#),
    ])
  func forms(_ payload: String, _ form: String) throws {
    let data = try Self.text(LineSamples.event(data: Bytes(payload)))
    #expect(data == Self.head + ",\"json\":true,\(form)}\n")
    let metadata = try Self.text(LineSamples.event(metadata: Bytes(payload)))
    #expect(metadata == Self.head + ",\"json\":true,\(form.replacing("\"data", with: "\"metadata"))}\n")
  }

  @Test("JSON may be nested 127 deep, and no deeper; what is not UTF-8 is Base64")
  func limits() throws {
    func nested(_ depth: Int) -> String { String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
    #expect(try Self.text(LineSamples.event(data: Bytes(nested(127)))).contains("\"data\":[[["))
    #expect(try Self.text(LineSamples.event(data: Bytes(nested(128)))).contains("\"dataText\":\"[[["))
    #expect(try Self.text(LineSamples.event(data: Bytes([0x22, 0xFF, 0x22]))).contains(#""dataBase64":"Iv8i""#))
  }

  @Test("Names are text with the shortest escapes, or Base64")
  func names() throws {
    let odd = try Self.text(LineSamples.event(stream: "a\u{0}\"\\/\u{8}\t\n\u{C}\r\u{1F}é", type: "$>"))
    #expect(odd.hasPrefix(#"{"stream":"a\u0000\"\\/\b\t\n\f\r\u001fé","number":7,"#))
    #expect(odd.contains(#","type":"$>","#))
    let bytes = try Self.text(LineSamples.event(stream: StreamName(utf8: [0xFF]), type: EventType(utf8: [0xFF, 0xFE])))
    #expect(bytes.hasPrefix(#"{"streamBase64":"/w==","number":7,"#))
    #expect(bytes.contains(#","typeBase64":"//4=","#))
  }

  @Test("Dates have seven decimals, or three, from the year 1 to the year 9999")
  func dates() throws {
    let dates: [(Timestamp, String)] = [
      (Timestamp(milliseconds: 1), "1970-01-01T00:00:00.001Z"), (Timestamp(ticks: -1), "1969-12-31T23:59:59.9999999Z"),
      (Timestamp(milliseconds: -1), "1969-12-31T23:59:59.999Z"),
      (Timestamp(ticks: -621_355_968_000_000_000), "0001-01-01T00:00:00.0000000Z"),
      (Timestamp(ticks: 2_534_023_007_999_999_999), "9999-12-31T23:59:59.9999999Z"),
    ]
    for (date, text) in dates {
      #expect(try Self.text(LineSamples.event(created: date)).contains("\"created\":\"\(text)\""))
    }
  }
}
