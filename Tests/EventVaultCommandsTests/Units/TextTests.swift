import EventStoreCore
import EventVaultCommands
import Foundation
import Testing

@Suite("Words, numbers and JSON")
struct TextTests {
  @Test(
    "Counts have groups of three digits",
    arguments: [
      (0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567"), (Int.max, "9,223,372,036,854,775,807"),
    ])
  func counts(value: Int, text: String) {
    #expect(QuantityText.count(value) == text)
  }

  @Test(
    "Sizes are in the largest unit that leaves a digit",
    arguments: [(0, "0 B"), (1023, "1023 B"), (1536, "1.5 KiB"), (64 << 20, "64 MiB"), (5 << 40, "5 TiB")])
  func sizes(value: Int, text: String) {
    #expect(QuantityText.bytes(value) == text)
  }

  @Test(
    "Times are in their two largest units",
    arguments: [
      (Duration.milliseconds(4), "4 ms"), (.milliseconds(1400), "1.4 s"), (.seconds(12), "12 s"),
      (.seconds(200), "3 min 20 s"), (.seconds(7500), "2 h 5 min"), (.seconds(7200), "2 h"),
      (.seconds(360_000), "4 d 4 h"),
    ])
  func times(value: Duration, text: String) {
    #expect(QuantityText.duration(value) == text)
  }

  @Test(
    "Decimals are rounded and have no trailing zeros",
    arguments: [(0.0, "0"), (1.5, "1.5"), (0.0004, "0"), (-2.25, "-2.25"), (1234.5678, "1234.568"), (0.05, "0.05")])
  func decimals(value: Double, text: String) {
    #expect(QuantityText.decimal(value, places: 3) == text)
  }

  @Test("JSON escapes what it must, keeps order and digits, and any parser reads it")
  func json() throws {
    let value = JSONValue.object([
      ("z", .string("a\"\\\n\t\r\u{0}\u{7F}é\u{2028}")), ("a", .integer(.max)), ("n", .null), ("b", true),
      ("d", .decimal(0.125)), ("l", .array([1, "x"])),
    ])
    #expect(value.text.hasPrefix(#"{"z":"a\"\\\n\t\r\u0000\u007fé"#))
    let parsed = try #require(try JSONSerialization.jsonObject(with: Data(value.text.utf8)) as? [String: Any])
    #expect(parsed["z"] as? String == "a\"\\\n\t\r\u{0}\u{7F}é\u{2028}")
    #expect(parsed["a"] as? Int64 == .max)
  }

  @Test("A stream's name that is not UTF-8 is in Base64, as in an archive")
  func streamField() {
    #expect(JSONValue.object([JSONValue.field("a/b")]).text == #"{"stream":"a/b"}"#)
    for bytes: [UInt8] in [[0xFF], [0xFF, 0xFE], [0xFF, 0xFE, 0x00], [0xFF, 0xFE, 0x00, 0x41]] {
      let expected = Data(bytes).base64EncodedString()
      #expect(JSONValue.object([JSONValue.field(StreamName(utf8: bytes))]).text == #"{"streamBase64":"\#(expected)"}"#)
    }
  }

  @Test(
    "Passwords are taken out of whatever looks like a connection string",
    arguments: [
      ("tcp://admin:secret@host:1113", "tcp://admin:**redacted**@host:1113"),
      ("cannot read 'tcp://a:p@ss@h' here", "cannot read 'tcp://a:**redacted**@h' here"),
      ("admin:secret@host", "admin:**redacted**@host"),
      (
        "GossipSeeds=h:2113; DefaultUserCredentials=ops:s3:x; Y=1",
        "GossipSeeds=h:2113; DefaultUserCredentials=ops:**redacted**; Y=1"
      ),
      ("ConnectTo=tcp://a:b@h:1;password=zz", "ConnectTo=tcp://a:**redacted**@h:1;password=**redacted**"),
      ("tcp://host:1113", "tcp://host:1113"), ("5@orders-1", "5@orders-1"), ("mail a@b to c:d", "mail a@b to c:d"),
    ])
  func redaction(text: String, expected: String) {
    #expect(Redaction.redacted(text) == expected)
  }

  @Test("A table has its numbers to the right and no white space at line ends")
  func table() {
    var table = TextTable([.text("name"), .number("n"), .text("x")])
    table.add(["a", "10", ""])
    table.add(["longer", "5", "y"])
    #expect(table.lines == ["name     n  x", "a       10", "longer   5  y"])
  }
}
