import EventArchive
import EventStoreCore
import TestSupport
import Testing

/// Lines of other writers are read as the specification says; damaged ones are refused for the right reason.
@Suite struct DecoderTests {
  private static let members = [
    #""stream":"s""#, #""number":1"#, #""id":"f1f4c1d8-0000-4000-8000-000000000001""#, #""type":"t""#,
    #""created":"2026-11-23T19:20:01.1234567Z""#, #""json":true"#,
  ]

  private static let expected = RecordedEvent(
    stream: "s", number: 1, id: EventID(high: 0xF1F4_C1D8_0000_4000, low: 0x8000_0000_0000_0001), type: "t",
    isJSON: true,
    data: Bytes(), created: Timestamp(ticks: 17_954_616_011_234_567))

  /// The usual line, with the members of these keys replaced, and others added.
  private static func line(_ members: String...) -> String {
    var all = Self.members
    for member in members {
      let key = member.prefix { $0 != ":" }
      if let place = all.firstIndex(where: { $0.hasPrefix(key + ":") }), !member.isEmpty {
        all[place] = member
      } else {
        all.append(member)
      }
    }
    return "{" + all.joined(separator: ",") + "}"
  }

  private static func decode(_ line: String) throws(LineDamage) -> RecordedEvent {
    try LineSamples.event(line.utf8)
  }

  private static func code(_ line: some Collection<UInt8>) -> LineDamage.Code? {
    do throws(LineDamage) {
      _ = try LineSamples.event(line)
      return nil
    } catch {
      // The place that an error names is within the line, or at its end.
      #expect((0...line.count).contains(error.offset))
      #expect(!error.message.isEmpty)
      return error.code
    }
  }

  @Test("Keys come in any order, with spaces between tokens, and with escapes")
  func freedoms() throws {
    #expect(try Self.decode(Self.line()) == Self.expected)
    #expect(try Self.decode("{" + Self.members.reversed().joined(separator: ",") + "}") == Self.expected)
    #expect(
      try Self.decode("{ " + Self.members.joined(separator: " , ").replacing("\":", with: "\" : ") + " }")
        == Self.expected)
    let escaped = Self.line().replacing("\"stream\":\"s\"", with: #""\u0073tre\u0061m":"\u0073""#)
    #expect(try Self.decode(escaped) == Self.expected)
    #expect(try Self.decode(Self.line().replacing("f1f4c1d8", with: "F1F4C1D8")) == Self.expected)
  }

  @Test("Keys that nobody knows are passed over, whatever they hold")
  func unknownKeys() throws {
    let strange = [
      #""later":null"#, #""stream2":"x""#, #""Data":1"#, #""":{}"#, #""nested":{"stream":"x","data":[{"number":2}]}"#,
      #""dataBase65":"!""#, #""position2":{"commit":-1}"#, #""twice":1,"twice":2"#, #""datatext":"\u0000""#,
    ]
    for member in strange {
      #expect(try Self.decode(Self.line(member)) == Self.expected, "\(member)")
    }
    var placed = Self.expected
    placed.position = Position(commit: 1, prepare: 2)
    #expect(try Self.decode(Self.line(#""position":{"later":[1,{}],"prepare":2,"commit":1}"#)) == placed)
  }

  @Test("Payloads are slices of the line, without the spaces around them")
  func payloads() throws {
    let event = try Self.decode(
      Self.line(#""data":   { "a" : "}" }   "#, #""metadataText" : "a\u00e9\ud83d\ude00\/\n""#))
    #expect(event.data == #"{ "a" : "}" }"#)
    #expect(event.metadata == "aé\u{1F600}/\n")
    #expect(try Self.decode(Self.line(#""dataText":"""#, #""metadataBase64":"""#)) == Self.expected)
    #expect(try Self.decode(Self.line(#""data":null"#)).data == "null")
    #expect(try Self.decode(Self.line(#""dataBase64":"AP8=""#)).data == Bytes([0, 0xFF]))
  }

  @Test("Dates may have any number of decimals up to seven; three mean milliseconds")
  func dates() throws {
    let ticks: Int64 = 17_954_616_010_000_000
    let dates: [(String, Timestamp)] = [
      ("01Z", Timestamp(ticks: ticks)), ("01.5Z", Timestamp(ticks: ticks + 5_000_000)),
      ("01.123Z", Timestamp(ticks: ticks + 1_230_000, precision: .milliseconds)),
      ("01.123456Z", Timestamp(ticks: ticks + 1_234_560)), ("01.0000001Z", Timestamp(ticks: ticks + 1)),
    ]
    for (text, date) in dates {
      #expect(try Self.decode(Self.line(#""created":"2026-11-23T19:20:\#(text)""#)).created == date, "\(text)")
    }
  }

  @Test(
    "What is not one object is no event",
    arguments: [
      "", " ", "null", "[]", "\"\"", "{", "}", "{}{}", "{\"a\"}", "{\"a\":1,}", "{,}", "{a:1}", "{\"a\" 1}",
      "{\"a\":1 \"b\":2}",
      "{\"\\q\":1}", "{\"a", "{\"a\":1",
    ])
  func notObjects(_ line: String) {
    #expect(Self.code(line.utf8) == .notAnObject)
  }

  @Test("Nothing but the object stands in a line: no space, TAB or CR around it, no TAB or LF within")
  func surroundings() {
    for addition in [" ", "\t", "\r", "\n", "x", "\u{0}", "{}"] {
      #expect(Self.code((Self.line() + addition).utf8) == .notAnObject)
      #expect(
        Self.code((addition + Self.line()).utf8) == (addition == "{}" ? .missingKey : .notAnObject) || addition == "{}")
    }
    #expect(Self.code(Self.line().replacing(",", with: ",\t").utf8) == .notAnObject)
    #expect(Self.code(Self.line().replacing("\":", with: "\":\n").utf8) != nil)
  }

  @Test("A line is refused at every place where it can be cut off")
  func cutLines() throws {
    let whole = Array(
      Self.line(#""position":{"commit":1,"prepare":2}"#, #""data":{"a":[1.5e3,"é"]}"#, #""metadataText":"x\n""#).utf8)
    #expect(Self.code(whole) == nil)
    for count in 0..<whole.count { #expect(Self.code(whole.prefix(count)) != nil, "cut to \(count)") }
  }

  @Test("Every key that every event has must be there")
  func missingKeys() {
    for member in Self.members {
      let line = "{" + Self.members.filter { $0 != member }.joined(separator: ",") + "}"
      #expect(Self.code(line.utf8) == .missingKey, "\(member)")
    }
    #expect(Self.code("{}".utf8) == .missingKey)
    #expect(Self.code(Self.line(#""position":{}"#).utf8) == .missingKey)
    #expect(Self.code(Self.line(#""position":{"commit":1}"#).utf8) == .missingKey)
  }

  @Test(
    "No key is there twice, nor in two of its forms",
    arguments: [
      #""streamBase64":"cw==""#, #""\u0073tream":"s""#, #""typeBase64":"dA==""#, #""data":1,"data":1"#,
      #""data":1,"dataText":"1""#,
      #""dataText":"1","dataBase64":"MQ==""#, #""metadata":1,"metadataBase64":"MQ==""#,
      #""metadataText":"1","metadata":1"#,
      #""position":{"commit":1,"prepare":1,"commit":1}"#, #""position":{"commit":1,"prepare":1,"prepare":1}"#,
      #""position":{"commit":1,"prepare":1},"position":{"commit":1,"prepare":1}"#,
    ])
  func repeatedKeys(_ members: String) {
    #expect(Self.code(("{" + (Self.members + [members]).joined(separator: ",") + "}").utf8) == .repeatedKey)
  }

  @Test("Each plain key of a whole line is refused when it comes again")
  func repeatedPlainKeys() {
    for member in Self.members {
      #expect(
        Self.code(("{" + (Self.members + [member]).joined(separator: ",") + "}").utf8) == .repeatedKey, "\(member)")
    }
  }

  @Test(
    "A value of another kind is refused",
    arguments: [
      #""number":-1"#, #""number":01"#, #""number":"1""#, #""number":null"#, #""number":9223372036854775808"#,
      #""number":+1"#,
      #""json":"true""#, #""json":1"#, #""json":null"#, #""json":True"#, #""stream":1"#, #""stream":null"#,
      #""type":{}"#, #""id":1"#,
      #""id":"""#, #""id":"f1f4c1d8-0000-4000-8000-00000000000""#, #""id":"f1f4c1d80-000-4000-8000-000000000001""#,
      #""id":"g1f4c1d8-0000-4000-8000-000000000001""#, #""id":"\u00661f4c1d8-0000-4000-8000-000000000001""#,
      #""created":1"#,
      #""created":"""#, #""created":"2026-11-23T19:20:01.1234567""#, #""created":"2026-11-23T19:20:01.12345678Z""#,
      #""created":"2026-11-23T19:20:01.Z""#, #""created":"2026-13-23T19:20:01.1234567Z""#,
      #""created":"2026-02-29T19:20:01.1234567Z""#,
      #""created":"2026-11-23T24:20:01.1234567Z""#, #""created":"2026-11-23T19:20:60.1234567Z""#,
      #""created":"2026-11-23t19:20:01.1234567Z""#,
      #""created":"0000-11-23T19:20:01.1234567Z""#, #""created":"2026-11-23T19:20:01.123456\u0037Z""#,
      #""created":"2026-11-23T19:20:01.123x567Z""#,
      #""dataText":1"#, #""dataText":null"#, #""dataBase64":{}"#, #""data":"#, #""data":tru"#, #""data":["\ud800"]"#,
      #""data":[1,]"#,
      #""data":1."#, #""data":-"#, #""data":'x'"#, #""metadata":"\q""#, #""later":{"a":}"#, #""later":"\udc00""#,
      #""position":{"commit":-1,"prepare":1}"#, #""position":{"commit":1,"prepare":"1"}"#,
    ])
  func wrongValues(_ member: String) {
    #expect(Self.code(Self.line(member).utf8) == .wrongValue)
  }

  @Test("Numbers are whole: a fraction or an exponent is refused", arguments: ["1.0", "1e0", "1E2", "0.5"])
  func fractions(_ number: String) {
    #expect(Self.code(Self.line(#""number":\#(number)"#).utf8) != nil)
    #expect(Self.code(Self.line(#""position":{"commit":\#(number),"prepare":1}"#).utf8) != nil)
  }

  @Test("A position is an object", arguments: ["1", "null", "[]", "\"1/1\""])
  func positions(_ value: String) {
    #expect(Self.code(Self.line(#""position":\#(value)"#).utf8) == .notAnObject)
  }

  @Test("JSON nested deeper than 127 is refused, 127 is not")
  func depth() {
    func nested(_ depth: Int) -> String { String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
    #expect(Self.code(Self.line(#""data":"# + nested(127)).utf8) == nil)
    #expect(Self.code(Self.line(#""data":"# + nested(128)).utf8) == .wrongValue)
    #expect(Self.code(Self.line(#""later":"# + nested(100_000)).utf8) == .wrongValue)
  }

  @Test(
    "A string that is not well formed is refused",
    arguments: [
      #""stream":"\q""#, #""stream":"\ud800""#, #""stream":"\ud800\u0041""#, #""stream":"\udc00""#, #""stream":"\u12""#,
      #""type":"\uzzzz""#,
      "\"type\":\"\t\"", "\"dataText\":\"\n\"", "\"dataText\":\"\u{0}\"", #""metadataText":"\ud83d""#,
    ])
  func badStrings(_ member: String) {
    #expect(Self.code(Self.line(member).utf8) == .badString)
  }

  @Test("Strings and payloads that are not UTF-8 are refused")
  func notUTF8() {
    for bytes: [UInt8] in [
      [0xFF], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x28, 0xA1],
    ] {
      func line(_ start: String, _ end: String) -> [UInt8] {
        Array(Self.line().dropLast().utf8) + Array(start.utf8) + bytes + Array(end.utf8)
      }
      #expect(Self.code(line(#","dataText":""#, "\"}")) == .badString)
      #expect(Self.code(line(#","data":""#, "\"}")) == .wrongValue)
      #expect(Self.code(line(#","later":""#, "\"}")) == .wrongValue)
      #expect(Self.code(line(#",""#, "\":1}")) == .notAnObject)
    }
  }

  @Test(
    "Base64 that is not canonical is refused",
    arguments: [
      "A", "AA", "AAA", "AAAAA", "AA=", "AB==", "AAB=", "====", "A===", "AA==AAAA", "AAA\u{7F}", "AA A", "A-_A",
      #"\u0041AAA"#, "é==",
    ])
  func badBase64(_ text: String) {
    #expect(Self.code(Self.line(#""dataBase64":"\#(text)""#).utf8) == .badBase64)
    #expect(Self.code(Self.line(#""metadataBase64":"\#(text)""#).utf8) == .badBase64)
    let line = Self.line().replacing(#""stream":"s""#, with: #""streamBase64":"\#(text)""#)
    #expect(Self.code(line.utf8) == .badBase64)
  }

  @Test("Whatever bytes a line has, nothing traps: it is an event that can be written again, or damage")
  func mutatedLines() {
    var read = 0
    var refused: [LineDamage.Code: Int] = [:]
    forSeeds(8000, from: 1) { generator in
      let line = try LineSamples.line(generator.event()).dropLast()
      let alphabet = Array(#"{}[]",:\u0dntrue-+.19=/ Az"#.utf8) + [0x00, 0x0A, 0xC3, 0xFF]
      let mutated = generator.mutated(Array(line), alphabet: alphabet)
      do throws(LineDamage) {
        let event = try LineSamples.event(mutated)
        read += 1
        let again = try? LineSamples.line(event)
        return try again.map { line throws(LineDamage) in try LineSamples.event(line.dropLast()) } == event
      } catch {
        refused[error.code, default: 0] += 1
        return (0...mutated.count).contains(error.offset)
      }
    }
    #expect(read > 500)
    // Every kind of damage that fits a short line has come up.
    #expect(Set(refused.keys) == Set(LineDamage.Code.allCases).subtracting([.tooLong]))
  }
}
