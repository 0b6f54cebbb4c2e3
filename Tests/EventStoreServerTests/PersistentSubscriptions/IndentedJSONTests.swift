import EventStoreCore
import Testing

@testable import EventStoreServer

@Suite("JSON that the server writes") struct IndentedJSONTests {
  @Test("Whatever a text holds, it is read back as it was")
  func escapes() {
    let control = String(String.UnicodeScalarView((0...0x20).compactMap(Unicode.Scalar.init)))
    let text = "a \"quoted\" \\ back\\slash, ä€😀 " + control
    let json = IndentedJSON.object([("t", .text(text)), ("n", .literal("7")), ("a", .array([.text("x")]))]).text
    let parsed = RawJSON(parsing: Array(json.utf8))
    #expect(parsed?["t"]?.text == text)
    #expect(parsed?["n"]?.integer == 7)
  }

  @Test("Members stand on lines of their own, two blanks a level, and short escapes are used")
  func layout() {
    let json = IndentedJSON.object([("a", .array([.object([("b", .text("x\ny"))])])), ("c", .array([]))]).text
    #expect(json == "{\n  \"a\": [\n    {\n      \"b\": \"x\\ny\"\n    }\n  ],\n  \"c\": []\n}")
  }

  @Test("Moments are written to the microsecond, with an offset")
  func moments() {
    #expect(Timestamp("2026-11-23T20:36:41.3300389Z")?.offsetText == "2026-11-23T20:36:41.330038+00:00")
    #expect(Timestamp(milliseconds: 0).offsetText == "1970-01-01T00:00:00.000000+00:00")
  }
}
