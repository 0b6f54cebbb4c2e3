import EventArchive
import EventStoreCore

/// Lines and events for the tests of the codec.
enum LineSamples {
  /// The line of an event, with its LF.
  static func line(_ event: RecordedEvent) throws(LineRefusal) -> [UInt8] {
    let buffer = LineBuffer(capacity: 64)
    var encoder = EventLineEncoder()
    try encoder.append(event, to: buffer)
    return Array(buffer.copy())
  }

  /// The event of a line without its LF.
  static func event(_ line: some Collection<UInt8>) throws(LineDamage) -> RecordedEvent {
    var decoder = EventLineDecoder()
    return try decoder.decode(Bytes(line))
  }

  /// An event of which only some things matter.
  static func event(
    stream: StreamName = "orders-1", number: EventNumber = 7, type: EventType = "OrderPlaced", isJSON: Bool = true,
    data: Bytes = Bytes(), metadata: Bytes = Bytes(), created: Timestamp = Timestamp(ticks: 17_954_616_011_234_567),
    position: Position? = nil
  ) -> RecordedEvent {
    RecordedEvent(
      stream: stream, number: number, id: EventID(high: 0xF1F4_C1D8_0000_4000, low: 0x8000_0000_0000_0001), type: type,
      isJSON: isJSON, data: data, metadata: metadata, created: created, position: position)
  }

  /// Payloads that have broken somebody's program.
  static let payloads: [[UInt8]] =
    texts.map { Array($0.utf8) } + [
      [], [0], [0xFF], [0xFE, 0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x80],
      Array("\"".utf8) + [0xFF] + Array("\"".utf8), [0xEF, 0xBB, 0xBF] + Array("{}".utf8), Array(0...255), [0x0A],
      [0x0D, 0x0A],
    ]

  private static let texts =
    [
      "null", "true", "false", "0", "-0", "\"\"", "[]", "{}", "\"\u{2028}\u{2029}\u{7F}\"", "12.50", "1e400", "-1E-400",
      "1234567890123456789012345678901234567890.12345678901234567890", String(repeating: "9", count: 5000),
      #"{"a":1,"a":2}"#, #"{"":{"":[]}}"#, #"{"data":1,"dataText":"x","stream":"y"}"#, #"{"a":"\u0000\ud83d\ude00"}"#,
      #"{"a":"\ud800"}"#, #"{"a":"\udc00\ud800"}"#, #"["\uD83D"]"#, #"["\uD83Dx"]"#, #"["\ud83d\u0041"]"#,
      "{\n  \"a\": 1,\n  \"b\": [\n    true\n  ]\n}\n", "{ \"a\" : [ 1 , 2 ] }", " {}", "{} ", "{}\n", "[1,]",
      "{\"a\":1,}",
      "{\"a\"}", "01", "1.", ".5", "+1", "1e", "NaN", "Infinity", "nul", "truefalse", "{} {}", "'a'", "[\"\t\"]",
      "\"\\x\"",
      "plain text", "\u{FEFF}bom", "tab\tlf\ncr\rquote\"backslash\\", "nul \u{0}", "bell \u{7}",
      "\u{1F600}\u{FFFF}\u{10FFFF}",
      "\"unfinished", "\"ends with a backslash\\", "}", "]", ",", ":",
    ]
    + [126, 127, 128, 300].flatMap { depth in
      [
        String(repeating: "[", count: depth) + String(repeating: "]", count: depth),
        String(repeating: "{\"a\":", count: depth) + "0" + String(repeating: "}", count: depth),
      ]
    }
}
